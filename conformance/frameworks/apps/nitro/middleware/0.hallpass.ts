import { pass } from '../pass';

export default pass;
