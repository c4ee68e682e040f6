import * as vscode from 'vscode';
import { inert } from '../../core/format/text';
import type { ActiveTrace } from '../active-trace';
import { TraceDocument } from '../editor/document';
import { fileOrigin } from '../editor/origin';
import type { TraceViews } from '../editor/views';
import { readWhole } from '../export/make';
import { linkTo } from '../links/link';
import { resolvePath } from '../links/resolve';
import type { Platform } from '../platform/platform';
import { fileName, sentence } from '../text';
import { connectionVerdict } from './connection-verdict';
import { explainPacket } from './explain-packet';
import { findProblems } from './find-problems';
import { listConnections } from './list-connections';
import { ToolInput, type TraceTool } from './tool';

/** Every tool that language models may call. */
export const TRACE_TOOLS: readonly TraceTool[] = [listConnections, explainPacket, findProblems, connectionVerdict];

/** How long a file that only a tool has asked for is held: a model asks several things in a row. */
const HELD_MS = 2 * 60_000;

/** Where tools find traces. */
export interface ToolContext {
  readonly active: ActiveTrace;
  readonly views: TraceViews;
  readonly platform: Platform;
  readonly extensionUri: vscode.Uri;
}

/** Registers the tools of package.json. Each asks the user before anything of a trace is told to a model. */
export function registerTools(context: ToolContext): vscode.Disposable {
  const traces = new ToolTraces(context);
  const register = ({ id, says, answer }: TraceTool): vscode.Disposable =>
    vscode.lm.registerTool<unknown>(id, {
      prepareInvocation: ({ input }) => preparedInvocation(says, input, traces.activeName()),
      async invoke({ input }, token) {
        const asked = new ToolInput(input);
        const document = await traces.of(asked.text('file'), token);
        const path = vscode.workspace.asRelativePath(document.uri.with({ fragment: '' }));
        const result = await answer({ document, link: (packet) => linkTo(path, { packet }) }, asked);
        const text = JSON.stringify({ file: path, ...(result as object) });
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
      },
    });
  return vscode.Disposable.from(traces, ...TRACE_TOOLS.map(register));
}

/** What the user is asked before a tool answers, and told while it does; `active` is the trace in the active editor. */
export function preparedInvocation(
  says: TraceTool['says'],
  input: unknown,
  active: string | null,
): vscode.PreparedToolInvocation {
  const asked = new ToolInput(input);
  const file = asked.text('file') ?? active ?? vscode.l10n.t('the open trace');
  return {
    invocationMessage: says(asked),
    confirmationMessages: {
      title: vscode.l10n.t('Tell the language model about {0}?', inert(file)),
      message: vscode.l10n.t(
        'It gets addresses, ports, times, flags and findings. What programs sent, comments and host names are not given away.',
      ),
    },
  };
}

/** The traces that tools are asked about: open ones, and files of the workspace, which are read for it. */
class ToolTraces implements vscode.Disposable {
  private held: TraceDocument | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly context: ToolContext) {}

  activeName(): string | null {
    const { now } = this.context.active;
    return now === null ? null : fileName(now.document.uri);
  }

  /** The trace in a file of the workspace, else the active one, read to its end. @throws {Error} for the model */
  async of(file: string | null, token: vscode.CancellationToken): Promise<TraceDocument> {
    const document = file === null ? this.context.active.now?.document : await this.inWorkspace(file);
    if (document === undefined)
      throw new Error('No trace is open: give a file of the workspace, such as "captures/trace.pcap"');
    await readWhole(document, token);
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    if (document.failure !== null)
      throw new Error(`${file ?? 'The trace'} cannot be read: ${sentence(document.failure)}`);
    return document;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.held?.dispose();
    this.held = null;
  }

  private async inWorkspace(file: string): Promise<TraceDocument> {
    const uri = await resolvePath(file, null);
    const { views, platform, extensionUri } = this.context;
    const open = uri === null ? undefined : views.on(uri)[0]?.document;
    if (open !== undefined) return open;
    // What is outside of the workspace is none of a model's business.
    if (uri === null || vscode.workspace.getWorkspaceFolder(uri) === undefined)
      throw new Error(`There is no file ${file} in the workspace`);
    if (this.held?.uri.toString() !== uri.toString()) {
      this.held?.dispose();
      this.held = new TraceDocument(fileOrigin(uri, platform), platform, extensionUri);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.dispose(), HELD_MS);
    return this.held;
  }
}
