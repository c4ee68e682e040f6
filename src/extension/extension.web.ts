import type { ExtensionContext } from 'vscode';
import { activateOn } from './activate';
import type { TcpTraceApi } from './api';
import { webPlatform } from './platform/web';

/** Entry in a browser's extension host. */
export const activate = (context: ExtensionContext): TcpTraceApi => activateOn(webPlatform, context);
