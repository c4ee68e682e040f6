import type * as vscode from 'vscode';
import type { Platform } from '../platform/platform';
import { showLongProgress } from '../progress';
import { TraceDocument } from './document';
import { fileOrigin } from './origin';
import { TraceView } from './view';
import type { TraceViews } from './views';

/** The read-only editor for captures. Several editors on one file get one document, which VS Code disposes of with the last. */
export class TraceEditorProvider implements vscode.CustomReadonlyEditorProvider<TraceDocument> {
  /** Documents, and so analyses, that are alive. */
  documents = 0;

  constructor(
    private readonly views: TraceViews,
    private readonly platform: Platform,
    private readonly extensionUri: vscode.Uri,
  ) {}

  openCustomDocument(uri: vscode.Uri): TraceDocument {
    const document = new TraceDocument(fileOrigin(uri, this.platform), this.platform, this.extensionUri);
    this.documents++;
    document.onDidDispose(() => this.documents--);
    showLongProgress(document);
    return document;
  }

  resolveCustomEditor(document: TraceDocument, panel: vscode.WebviewPanel): void {
    this.views.add(new TraceView(document, panel, this.extensionUri), panel);
  }
}
