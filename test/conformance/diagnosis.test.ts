import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { DiagnosisKind } from '../../src/core/model/diagnosis';
import { inProject } from '../support/command';
import { alarms, diagnosed } from '../support/diagnosed';
import { CORPUS, corpusFiles } from './corpus';

/**
 * Captures of others that truly hold what an alarm says, each with what is in it. Every other capture is ordinary and
 * must raise none. `quality` alarms are about the capture itself: most of these were cut out of larger ones, made by
 * fuzzers, or taken with old tools. Two have wrong checksums in most segments, from a script and from anonymisation: that
 * is told, and no alarm.
 */
const TRULY: Readonly<Record<string, Partial<Record<DiagnosisKind, string>>>> = {
  'AlexeyVasilev+PcapFlowLab__examples_showcase_pcap_flow_lab_showcase.pcap': {
    'overlapping-payloads': 'packet 1238 repeats 1236 with another last byte',
  },
  'OISF+suricata-verify__tests_transform-base64-7296_input.pcap': {
    'capture-drops': 'fuzzed: five ACKs of what is not there',
    'duplicate-packets': 'fuzzed: four packets twice',
    'clock-steps': 'fuzzed: times years apart',
    'bad-checksums': 'fuzzed: flipped bytes',
  },
  'appneta+tcpreplay__test_test.rewrite_dlthdlc': { 'bad-checksums': 'one packet, by tshark as well' },
  'arkime+arkime__tests_pcap_wireshark-retrans.pcap': {
    'duplicate-packets': 'most packets two or three times within some milliseconds, with the same identification',
  },
  'blitz+tcptrace__input_all.snoop.gz': {
    'missing-handshakes': 'some seconds of a busy network: 49 connections were open before',
    'one-sided': 'a telnet server that goes on without a word of its client',
  },
  'blitz+tcptrace__input_fast_reuse.dmp.gz': {
    'capture-drops': 'IP lengths above those of the frames: data seems to be missing',
    'bad-checksums': 'the same: 202 checksums cannot be right',
    'slow-network': 'handshakes of 640 ms',
  },
  'blitz+tcptrace__input_linux_cooked_socket.dmp.gz': {
    'missing-handshakes': 'the control connection of FTP was open',
  },
  'blitz+tcptrace__input_pcap_v2.2.dmp.gz': {
    'duplicate-packets': 'ten packets twice, before and behind a router: TTL 255 and 254',
  },
  'blitz+tcptrace__input_urgent.dmp.gz': { 'missing-handshakes': 'one of two connections begins in the middle' },
  'chrissanders+packets__tcp_retransmissions.pcapng': { 'missing-handshakes': 'six packets cut out' },
  'chrissanders+packets__tcp_zerowindowrecovery.pcapng': { 'missing-handshakes': 'seven packets cut out' },
  'epiecs+packetlife-backup__pcaps_BGP_MP_NLRI.cap': { 'missing-handshakes': 'sessions that were up' },
  'epiecs+packetlife-backup__pcaps_bgp_med.pcapng.cap': { 'missing-handshakes': 'a single packet' },
  'ganesh-k13+TitaniumOrca__pcap_nmap_nmap_OS_scan': { 'syn-scan': 'nmap -O: 1000 ports first' },
  'ntop+nDPI__tests_cfgs_default_pcap_avast.pcap': {
    'clock-steps': 'packet 103 is four minutes before packet 102',
    'idle-cut': 'two idle connections whose keep-alives nobody answers, and then resets',
  },
  'ntop+nDPI__tests_cfgs_default_pcap_bittorrent.pcap': {
    'missing-handshakes': 'filtered: 24 connections without a SYN',
    'capture-drops': 'filtered: acknowledged data is not there',
  },
  'ntop+nDPI__tests_cfgs_default_pcap_ocs.pcap': { 'one-sided': 'only what the client sends, in ten of twelve' },
  'ntop+nDPI__tests_cfgs_default_pcap_ossfuzz_seed_fake_traces_1.pcapng': {
    'missing-handshakes': 'a seed for fuzzing: single packets',
    'clock-steps': 'a seed for fuzzing: packet 19 is 17 s early',
  },
  'ntop+nDPI__tests_cfgs_default_pcap_reasm_crash_anon.pcapng': {
    'missing-handshakes': 'fuzzed: begins in the middle',
    'capture-drops': 'fuzzed: nine ACKs of what is not there',
    'duplicate-packets': 'fuzzed: fifteen packets twice',
    'retransmission-storm': 'fuzzed: 63 of 68 segments again',
  },
  'ntop+nDPI__tests_cfgs_default_pcap_reasm_segv_anon.pcapng': {
    'missing-handshakes': 'begins in the middle',
    'retransmission-storm': '22 of 52 segments again',
  },
  'seladb+PcapPlusPlus__Tests_Pcap++Test_PcapExamples_sll2.pcap': { 'missing-handshakes': 'three packets cut out' },
  'simsong+tcpflow__tests_test5-lines-randomized.pcap': { 'clock-steps': 'packets in random order, on purpose' },
  'the-tcpdump-group+tcpdump__tests_beep-oobr.pcap': { 'missing-handshakes': 'a single segment' },
  'the-tcpdump-group+tcpdump__tests_tcp_header_heapoverflow.pcap': { 'cut-packets': 'ends within the TCP header' },
  'utilsec+Packet_Captures__nmap_os_guess.pcapng': { 'syn-scan': 'nmap -O: 1000 ports first' },
  'zeek+zeek__testing_btest_Traces_llc.pcap': { 'missing-handshakes': 'resets of a connection that was open before' },
  'zeek+zeek__testing_btest_Traces_nflog-http.pcap': { 'duplicate-packets': 'the SYN was logged three times' },
  'zeek+zeek__testing_btest_Traces_pppoe-over-qinq.pcap': {
    'duplicate-packets': 'six packets twice, with the same identification and checksum',
    'bad-checksums': 'six packets, by tshark as well',
  },
  'mid_stream_both_ways.pcap': { 'missing-handshakes': 'begins in the middle, on purpose' },
  'partial_overlap_retransmit.pcap': { 'overlapping-payloads': 'made with a filler that differs in each segment' },
  'zero_window_probe_accepted.pcap': { 'zero-window-receiver': 'a window that is closed for 1.9 s, on purpose' },
};

describe('the diagnosis of captures of others', function () {
  this.timeout(60_000);
  const files = corpusFiles();
  if (files.length === 0) {
    console.log(`\n  The corpus is not at ${CORPUS} (TCP_TRACE_CORPUS): it was NOT diagnosed.\n`);
    return;
  }
  for (const { name, capture } of files)
    it(`raises ${TRULY[name] === undefined ? 'no alarm' : 'the alarms that it deserves'} in ${name}`, () => {
      assert.deepEqual([...new Set(alarms(diagnosed(capture)))].sort(), Object.keys(TRULY[name] ?? {}).sort());
    });
});

describe('the diagnosis of the kernel’s own connections', () => {
  const folder = inProject('test/fixtures/kernel');
  const ATTACKS = /flood|scan|isn|overlap|storm|foreign|injection|impersonated/;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.pcap')))
    it(`sees no attack in ${name}`, () => {
      const kinds = alarms(diagnosed(path.join(folder, name)));
      assert.deepEqual(
        kinds.filter((kind) => ATTACKS.test(kind)),
        [],
      );
    });
});
