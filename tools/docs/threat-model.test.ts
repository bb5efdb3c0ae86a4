import { expect, test } from 'vitest';
import { renderThreatModel } from './threat-model.ts';

const threat = { tries: 'Guess', holds: 'Long ids.', proofs: ['ids are long'] };
const attacker = { who: 'A guesser', can: 'It guesses.', threats: [threat] };
const title = { file: 'src/a.test.ts', text: 'S75: ids are long' };

test('a threat is a row with the tests that have its titles, whatever their numbers', () => {
  const page = renderThreatModel([title], [attacker]);
  expect(page).toContain('| Guess | Long ids. | ids are long ([a.test.ts](../src/a.test.ts)) |');
});

test('a row without a test, and a test that is gone, are refused', () => {
  expect(() => renderThreatModel([title], [{ ...attacker, threats: [{ ...threat, proofs: [] }] }])).toThrow(
    '"Guess" names no test.',
  );
  expect(() => renderThreatModel([{ ...title, file: 'src/a.ts' }], [attacker])).toThrow(
    'no test has that title',
  );
});
