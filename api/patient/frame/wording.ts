export { wording, type Wording } from '../../frame/wording';
