import * as vscode from 'vscode';
import { settings, type TextFeature } from '../settings';
import { registerCodeLens } from './code-lens';
import { registerFolding } from './folding';
import { registerHighlights } from './highlights';
import { registerHover } from './hover';
import { registerInlayHints } from './inlay-hints';
import { TRACE_LANGUAGES } from './languages';
import { registerNavigation } from './navigation';
import { registerSemanticTokens } from './semantic-tokens';
import { registerSymbols } from './symbols';
import type { TextTraces } from './traces';

/** Registers a feature for documents; the registration is undone when the setting or the documents change. */
export type RegisterFeature = (selector: vscode.DocumentSelector, traces: TextTraces) => vscode.Disposable;

interface Feature {
  readonly setting: TextFeature;
  readonly register: RegisterFeature;
  /**
   * It adds to what other extensions say of a document, so that it may be there for documents of other languages too
   * while they are shown as a trace. Otherwise it would take the place of what those have.
   */
  readonly adds: boolean;
}

/** What an editor shows for a text trace, one file each. */
const FEATURES: readonly Feature[] = [
  { setting: 'text.hover', register: registerHover, adds: true },
  { setting: 'text.codeLens', register: registerCodeLens, adds: true },
  { setting: 'text.inlayHints', register: registerInlayHints, adds: true },
  { setting: 'text.navigation', register: registerNavigation, adds: true },
  { setting: 'text.highlights', register: registerHighlights, adds: false },
  { setting: 'text.outline', register: registerSymbols, adds: false },
  { setting: 'text.folding', register: registerFolding, adds: false },
  { setting: 'text.semanticTokens', register: registerSemanticTokens, adds: false },
];

/** Registers what is switched on, and again when settings or the documents that are shown as traces change. */
export function registerFeatures(traces: TextTraces): vscode.Disposable {
  const registered = new Map<Feature, { readonly key: string; readonly registration: vscode.Disposable }>();
  const update = (): void => {
    const others = new Set(traces.all.map(({ document }) => document.languageId));
    for (const language of TRACE_LANGUAGES) others.delete(language);
    for (const feature of FEATURES) {
      const languages = feature.adds ? [...TRACE_LANGUAGES, ...[...others].sort()] : [...TRACE_LANGUAGES];
      const key = settings.shows(feature.setting) ? languages.join(' ') : '';
      if (key === (registered.get(feature)?.key ?? '')) continue;
      registered.get(feature)?.registration.dispose();
      registered.delete(feature);
      if (key === '') continue;
      const selector = languages.map((language) => ({ language }));
      registered.set(feature, { key, registration: feature.register(selector, traces) });
    }
  };
  update();
  return vscode.Disposable.from(
    settings.onDidChangeText(update),
    traces.onDidChange(update),
    new vscode.Disposable(() => {
      for (const { registration } of registered.values()) registration.dispose();
    }),
  );
}
