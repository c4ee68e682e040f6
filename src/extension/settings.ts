import * as vscode from 'vscode';
import { THRESHOLD_NAMES, THRESHOLDS, type Thresholds, thresholdsOf } from '../core/model/diagnosis';

const SECTION = 'tcpTrace';
const MIB = 2 ** 20;

const numberOr = (value: unknown, fallback: number): number => (Number.isFinite(value) ? (value as number) : fallback);

const read = <T>(name: string, fallback: T): T => vscode.workspace.getConfiguration(SECTION).get<T>(name) ?? fallback;

/** What an editor shows for a text trace, each with a setting that switches it off. */
export const TEXT_FEATURES = [
  'text.hover',
  'text.codeLens',
  'text.inlayHints',
  'text.outline',
  'text.folding',
  'text.highlights',
  'text.navigation',
  'text.semanticTokens',
  'text.followSelection',
] as const;
export type TextFeature = (typeof TEXT_FEATURES)[number];

/** Which findings are listed as problems. */
export type Diagnosed = 'off' | 'problems' | 'all';
const DIAGNOSED: readonly Diagnosed[] = ['off', 'problems', 'all'];

/** Settings that an analysis depends on. */
const ANALYSED_BY = ['decompressionLimit', 'maxPackets'];

/** The settings `tcpTrace.*`, read when they are needed. */
export const settings = {
  /** Bytes that a compressed capture may grow to. */
  decompressionLimitBytes: (): number => Math.max(1, read('decompressionLimit', 1024)) * MIB,

  /** Packets that are loaded of a trace at most, unless somebody asks for all. */
  maxPackets: (): number => Math.max(1, numberOr(read<unknown>('maxPackets', null), 50_000_000)),

  /** Whether a capture is read again when its file changes. */
  reload: (): boolean => read('reloadChangedFiles', true),

  /** Whether an editor shows that for a text trace. */
  shows: (feature: TextFeature): boolean => read<boolean>(feature, true),

  diagnosed: (): Diagnosed => {
    const chosen = read<string>('text.diagnostics', 'problems');
    return DIAGNOSED.find((known) => known === chosen) ?? 'problems';
  },

  /** What findings about a whole capture are held against. */
  thresholds: (): Thresholds =>
    thresholdsOf(
      Object.fromEntries(
        THRESHOLD_NAMES.map((name) => [
          name,
          numberOr(read<unknown>(`diagnosis.${name}`, null), THRESHOLDS[name].default),
        ]),
      ),
    ),

  /** Tells when a diagnosis is to be made by other thresholds. */
  onDidChangeThresholds: (listener: () => void): vscode.Disposable =>
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.diagnosis`)) listener();
    }),

  /** Tells when something else is to be shown for text traces. */
  onDidChangeText: (listener: () => void): vscode.Disposable =>
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.text`)) listener();
    }),

  /** Tells when a setting that an analysis depends on was changed. */
  onDidChange: (listener: () => void): vscode.Disposable =>
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (ANALYSED_BY.some((name) => event.affectsConfiguration(`${SECTION}.${name}`))) listener();
    }),
};
