import type { Figures } from '../figures';
export function documentOf(figures: Figures): string {
  return JSON.stringify(figures);
}
