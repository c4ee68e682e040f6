import type { ExtensionContext } from 'vscode';
import { activateOn } from './activate';
import type { TcpTraceApi } from './api';
import { nodePlatform } from './platform/node';

/** Entry in a desktop's or a server's extension host. */
export const activate = (context: ExtensionContext): TcpTraceApi => activateOn(nodePlatform, context);
