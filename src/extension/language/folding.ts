import * as vscode from 'vscode';
import type { RegisterFeature } from './features';

/** Ranges that an editor takes, where its setting says nothing. */
const DEFAULT_FOLDS = 5000;

/** Folds packets of one connection that stand together, and packets of several lines. */
export const registerFolding: RegisterFeature = (selector, traces) =>
  vscode.languages.registerFoldingRangeProvider(selector, {
    async provideFoldingRanges(document, _, token) {
      const reading = await traces.of(document)?.settled(token);
      if (!reading) return [];
      const most = vscode.workspace.getConfiguration('editor', document).get('foldingMaximumRegions', DEFAULT_FOLDS);
      // By one more than it takes, the editor knows that there are more, and says so.
      const folds = await reading.analysis.query('textFolds', { most: most + 1 });
      return folds.flatMap(({ first, count }) => {
        const range = reading.rangeOf(first, first + count - 1);
        return range === null ? [] : [new vscode.FoldingRange(range.start.line, range.end.line)];
      });
    },
  });
