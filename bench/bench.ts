import type { Bundles } from './bundles';
import type { BenchSettings } from './settings';
import type { Sizes } from './sizes';
import type { Provider } from './rig/provider';

/** What every measure works with. */
export interface Bench {
  settings: BenchSettings;
  sizes: Sizes;
  bundles: Bundles;
  provider: Provider;
}
