import type * as vscode from 'vscode';
import { type LinkedPlace, placeOfFragment } from '../links/link';
import { findPlace } from '../links/places';
import type { Platform } from '../platform/platform';
import { showLongProgress } from '../progress';
import type { ChosenParts } from './chosen-parts';
import { TraceDocument } from './document';
import { fileOrigin } from './origin';
import { TraceView } from './view';
import type { TraceViews } from './views';

/** The read-only editor for captures. Several editors on one file get one document, which VS Code disposes of with the last. */
export class TraceEditorProvider implements vscode.CustomReadonlyEditorProvider<TraceDocument> {
  /** Documents, and so analyses, that are alive. */
  documents = 0;
  /** Where to begin, in documents that were opened by a link. */
  private readonly places = new WeakMap<TraceDocument, LinkedPlace>();

  constructor(
    private readonly views: TraceViews,
    private readonly platform: Platform,
    private readonly extensionUri: vscode.Uri,
    private readonly parts: ChosenParts,
  ) {}

  openCustomDocument(uri: vscode.Uri): TraceDocument {
    const { platform, extensionUri, parts } = this;
    const document = new TraceDocument(fileOrigin(uri, platform), platform, extensionUri, parts.of(uri));
    this.documents++;
    document.onDidChoosePart((part) => parts.remember(uri, part));
    document.onDidDispose(() => {
      this.documents--;
      parts.forget(uri);
    });
    showLongProgress(document);
    const place = placeOfFragment(uri.fragment);
    if (place !== null) this.places.set(document, place);
    return document;
  }

  resolveCustomEditor(document: TraceDocument, panel: vscode.WebviewPanel): void {
    const [other] = this.views.on(document.uri);
    const beginning = other === undefined ? null : { ...other.state, filter: other.filter };
    const view = new TraceView(document, panel, this.extensionUri, beginning);
    this.views.add(view, panel);
    const place = this.places.get(document);
    this.places.delete(document);
    if (place !== undefined)
      void findPlace(document, place).then((found) => {
        if (found !== null) view.reveal(found.connection, found.row);
      });
  }
}
