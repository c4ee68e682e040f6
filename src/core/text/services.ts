/**
 * Service names that stand for TCP ports in traces with names: those of Debian's /etc/services, which tcpdump prints, and
 * a few more of IANA's registry. A port may have several.
 */
const PORTS = `
  1 tcpmux, 7 echo, 9 discard, 11 systat, 13 daytime, 15 netstat, 17 qotd, 18 msp, 19 chargen, 20 ftp-data, 21
  ftp, 22 ssh, 23 telnet, 25 smtp mail, 37 time, 43 whois, 49 tacacs, 53 domain, 67 bootps, 68 bootpc, 69 tftp, 70
  gopher, 79 finger, 80 http www, 81 hosts2-ns, 82 xfer, 88 kerberos, 102 iso-tsap, 104 acr-nema, 106 poppassd,
  110 pop3, 111 sunrpc, 113 auth ident, 119 nntp, 123 ntp, 135 epmap loc-srv, 137 netbios-ns, 138 netbios-dgm, 139
  netbios-ssn, 143 imap2 imap, 161 snmp, 162 snmp-trap snmptrap, 163 cmip-man, 164 cmip-agent, 174 mailq, 179 bgp,
  194 irc, 199 smux, 209 qmtp, 210 z3950, 220 imap3, 345 pawserv, 346 zserv, 369 rpc2portmap, 370 codaauth2, 389
  ldap, 427 svrloc, 443 https, 444 snpp, 445 microsoft-ds, 464 kpasswd, 465 submissions, 487 saft, 500 isakmp, 512
  exec, 513 login, 514 shell, 515 printer, 520 efs, 532 netnews, 538 gdomap, 540 uucp, 543 klogin, 544 kshell, 548
  afpovertcp, 554 rtsp, 563 nntps, 587 submission, 593 http-rpc-epmap, 607 nqs, 628 qmqp, 631 ipp, 636 ldaps, 646
  ldp, 655 tinc, 666 doom, 706 silc, 749 kerberos-adm, 750 kerberos4, 751 kerberos-master, 754 krb-prop, 775
  moira-db, 777 moira-update, 783 spamd, 853 domain-s, 871 supfilesrv, 873 rsync, 902 ideafarm-door, 989
  ftps-data, 990 ftps, 992 telnets, 993 imaps, 995 pop3s, 1024 kdm, 1025 blackjack, 1026 cap nterm, 1027 6a44,
  1080 socks, 1093 proofd, 1094 rootd, 1099 rmiregistry, 1110 nfsd-status, 1127 supfiledbg, 1178 skkserv, 1194
  openvpn, 1236 rmtcfg, 1313 xtel, 1314 xtelw, 1352 lotusnote, 1433 ms-sql-s, 1521 ncube-lm, 1524 ingreslock, 1645
  datametrics, 1646 sa-msg-port, 1649 kermit, 1677 groupwise, 1701 l2f, 1720 h323hostcall, 1723 pptp, 1812 radius,
  1813 radius-acct, 1883 mqtt, 1900 ssdp, 2000 cisco-sccp, 2049 nfs, 2086 gnunet, 2101 rtcm-sc104, 2119
  gsigatekeeper, 2121 iprop, 2135 gris, 2181 eforward, 2375 docker, 2376 docker-s, 2379 etcd-client, 2380
  etcd-server, 2401 cvspserver, 2430 venus, 2431 venus-se, 2432 codasrv, 2433 codasrv-se, 2583 mon, 2600 zebrasrv,
  2601 zebra, 2602 ripd, 2603 ripngd, 2604 ospfd, 2605 bgpd, 2606 ospf6d, 2607 ospfapi, 2608 isisd, 2628 dict,
  2792 f5-globalsite, 2811 gsiftp, 2947 gpsd, 3000 hbci, 3050 gds-db, 3128 ndl-aas, 3205 isns, 3260 iscsi-target,
  3268 msft-gc, 3269 msft-gc-ssl, 3306 mysql, 3389 ms-wbt-server, 3478 stun, 3493 nut, 3632 distcc, 3689 daap,
  3690 svn, 4000 terabase, 4031 suucp, 4094 sysrqd, 4190 sieve, 4353 f5-iquery, 4369 epmd, 4373 remctl, 4444
  krb524, 4460 ntske, 4557 fax, 4559 hylafax, 4691 mtn, 4899 radmin-port, 4949 munin, 5000 commplex-main, 5001
  commplex-link, 5002 rfe, 5060 sip, 5061 sip-tls, 5201 targus-getdata1, 5222 xmpp-client, 5269 xmpp-server, 5308
  cfengine, 5353 mdns, 5355 llmnr, 5357 wsdapi, 5432 postgresql postgres, 5555 personal-agent, 5556 freeciv, 5666
  nrpe, 5667 nsca, 5671 amqps, 5672 amqp, 5680 canna, 5900 rfb vnc-server, 5985 wsman, 5986 wsmans, 6000 x11, 6001
  x11-1, 6002 x11-2, 6003 x11-3, 6004 x11-4, 6005 x11-5, 6006 x11-6, 6007 x11-7, 6010 x11-ssh-offset, 6346
  gnutella-svc, 6347 gnutella-rtr, 6379 redis, 6443 sun-sr-https, 6444 sge-qmaster, 6445 sge-execd, 6446
  mysql-proxy, 6514 syslog-tls, 6566 sane-port, 6667 ircd, 6697 ircs-u, 6881 bittorrent, 7000 bbs, 7070 arcp, 7100
  font-service, 7680 pando-pub, 8000 irdmi, 8001 vcom-tunnel, 8009 nvme-disc, 8021 zope-ftp, 8080
  http-alt webcache http-proxy, 8081 tproxy, 8082 us-cli, 8083 us-srv, 8086 d-s-n, 8088 omniorb radan-http, 8140 puppet,
  8443 pcsync-https, 8883 secure-mqtt, 8888 ddi-tcp-1, 8990 clc-build-daemon, 9000 cslistener, 9090 websm, 9092
  XmlIpcRegSvc, 9098 xinetd, 9100 hp-pdl-datastr jetdirect, 9101 bacula-dir, 9102 bacula-fd, 9103 bacula-sd, 9200
  wap-wsp, 9418 git, 9667 xmms2, 9673 zope, 9999 distinct, 10000 webmin ndmp, 10050 zabbix-agent, 10051
  zabbix-trapper, 10080 amanda, 10081 kamanda, 10082 amandaidx, 10083 amidxtape, 10809 nbd, 11112 dicom, 11211
  memcache, 11371 hkp, 12345 italk, 17004 sgi-cad, 17500 db-lsp, 22125 dcap, 22128 gsidcap, 22273 wnn6, 24554
  binkp, 27017 mongodb, 27374 asp, 30865 csync2, 50000 ibm-db2, 57000 dircproxy, 60177 tfido, 60179 fido
`;

const BY_NAME: ReadonlyMap<string, number> = new Map(
  PORTS.split(',').flatMap((entry) => {
    const [port, ...names] = entry.trim().split(/\s+/);
    return names.map((name): [string, number] => [name, Number(port)]);
  }),
);

/** Port of a service by its name; -1 where the name is not known. */
export const servicePort = (name: string): number => BY_NAME.get(name) ?? -1;
