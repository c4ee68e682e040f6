import { decoders } from './decoders';
import { messages } from './messages';
import { readers } from './readers';
import type { FuzzTarget } from './target';
import { texts } from './texts';
import { tracker } from './tracker';

export const TARGETS: readonly FuzzTarget[] = [readers, decoders, texts, tracker, messages];
