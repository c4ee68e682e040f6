import { el } from '../dom';
import type { Colours } from './graph-paint';
import { COLOUR_NAMES } from './graph-styles';

export type PanelColours = Colours & { readonly grid: string; readonly font: string };

export const noColours = (): PanelColours =>
  ({
    ...Object.fromEntries(COLOUR_NAMES.map((name) => [name, 'gray'])),
    grid: 'gray',
    font: 'sans-serif',
  }) as PanelColours;

/** The theme's colours as a canvas takes them. */
export function readColours(parent: HTMLElement): PanelColours {
  const probe = el('span', { hidden: true });
  parent.append(probe);
  const colour = (value: string): string => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const named = COLOUR_NAMES.map((name) => [name, colour(name === 'text' ? 'var(--fg)' : `var(--${name})`)]);
  const grid = colour('color-mix(in srgb, var(--fg) 14%, transparent)');
  const font = getComputedStyle(probe).fontFamily;
  probe.remove();
  return { ...Object.fromEntries(named), grid, font } as PanelColours;
}
