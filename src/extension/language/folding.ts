import * as vscode from 'vscode';
import type { RegisterFeature } from './features';

/** Ranges that VS Code takes by default (`editor.foldingMaximumRegions`). */
const MAX_FOLDS = 5000;

/** Folds packets of one connection that stand together, and packets of several lines. */
export const registerFolding: RegisterFeature = (selector, traces) =>
  vscode.languages.registerFoldingRangeProvider(selector, {
    async provideFoldingRanges(document, _, token) {
      const trace = traces.of(document);
      const analysis = await trace?.settled(token);
      if (!trace || !analysis) return [];
      const folds = await analysis.query('textFolds', { most: MAX_FOLDS });
      return folds.map(
        ({ first, count }) => new vscode.FoldingRange(trace.documentLine(first), trace.documentLine(first + count - 1)),
      );
    },
  });
