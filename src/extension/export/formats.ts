import * as vscode from 'vscode';
import type { DiagramFormat } from '../../core/diagram/registry';
import type { TableFormat } from '../../core/model/export';

/** What can be written to a file. A diagram is in the display language; the rest is for programs, and in English. */
export type Exported =
  | { readonly what: 'diagram'; readonly format: DiagramFormat | 'png' }
  | { readonly what: 'packets' }
  | { readonly what: 'segments'; readonly format: TableFormat }
  | { readonly what: 'connections'; readonly format: TableFormat };

export interface ExportFormat {
  /** Of the format, in commands and settings. */
  readonly id: string;
  readonly exported: Exported;
  /** Of the file's name. */
  readonly extension: string;
  readonly name: () => string;
}

/** Everything that can be exported, in the order in which it is offered. One line each. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  {
    id: 'svg',
    exported: { what: 'diagram', format: 'svg' },
    extension: 'svg',
    name: () => vscode.l10n.t('Picture (SVG)'),
  },
  {
    id: 'png',
    exported: { what: 'diagram', format: 'png' },
    extension: 'png',
    name: () => vscode.l10n.t('Picture (PNG)'),
  },
  {
    id: 'mermaid',
    exported: { what: 'diagram', format: 'mermaid' },
    extension: 'mmd',
    name: () => vscode.l10n.t('Mermaid diagram'),
  },
  {
    id: 'markdown',
    exported: { what: 'diagram', format: 'markdown' },
    extension: 'md',
    name: () => vscode.l10n.t('Markdown table'),
  },
  {
    id: 'text',
    exported: { what: 'diagram', format: 'text' },
    extension: 'txt',
    name: () => vscode.l10n.t('Plain text'),
  },
  { id: 'pcapng', exported: { what: 'packets' }, extension: 'pcapng', name: () => vscode.l10n.t('Packets (pcapng)') },
  {
    id: 'segments-csv',
    exported: { what: 'segments', format: 'csv' },
    extension: 'csv',
    name: () => vscode.l10n.t('Segments (CSV)'),
  },
  {
    id: 'segments-json',
    exported: { what: 'segments', format: 'json' },
    extension: 'json',
    name: () => vscode.l10n.t('Segments (JSON)'),
  },
  {
    id: 'connections-csv',
    exported: { what: 'connections', format: 'csv' },
    extension: 'csv',
    name: () => vscode.l10n.t('Table of connections (CSV)'),
  },
  {
    id: 'connections-json',
    exported: { what: 'connections', format: 'json' },
    extension: 'json',
    name: () => vscode.l10n.t('Table of connections (JSON)'),
  },
];
