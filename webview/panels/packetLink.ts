import type { Context } from '../context';
import { el } from '../dom';
import { t } from '../l10n';

/** The number of a packet, which leads to its place: in the sequence diagram, or in the list where it has none there. */
export function packetLink(context: Context, packet: number): HTMLElement {
  const link = el(
    'button',
    { class: 'link', role: 'link', 'aria-label': t('Packet {0}', packet), title: t('Packet {0}', packet) },
    String(packet),
  );
  link.addEventListener('click', () => void openPacket(context, packet));
  return link;
}

export async function openPacket({ client, store, open }: Context, packet: number): Promise<void> {
  const place = await client.query('place', { packet }).catch(() => null);
  if (place === null) return;
  if (place.connection !== null) open(place.connection, place.row);
  else store.set({ tab: 'packets', packet, packetsOfConnection: false });
}
