import { cookieOutcomes } from './cookies.ts';
import { report } from './ratio.ts';

console.log(report('Cookie headers, beside cookie@2', cookieOutcomes()));
