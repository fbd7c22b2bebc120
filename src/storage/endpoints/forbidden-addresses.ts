import { BlockList, isIPv4 } from 'node:net';

/** Networks that no stage may connect to, each with its description. */
const RULES: readonly { readonly what: string; readonly networks: readonly string[] }[] = [
  { what: 'an unspecified address', networks: ['0.0.0.0/8', '::/128'] },
  // The metadata services of most clouds are here: 169.254.169.254 and its neighbours.
  { what: 'a link-local address', networks: ['169.254.0.0/16', 'fe80::/10'] },
  { what: 'a multicast address', networks: ['224.0.0.0/4', 'ff00::/8'] },
  { what: 'the broadcast address', networks: ['255.255.255.255/32'] },
  {
    what: 'the address of a metadata service',
    networks: [
      '100.100.100.200/32', // Alibaba
      '168.63.129.16/32', // Azure
      '192.0.0.192/32', // Oracle
      'fd00:ec2::254/128', // AWS
      'fd00:ec2::23/128', // AWS, of containers
      'fd00:c1::a9fe:a9fe/128', // Oracle
      'fd00:42::42/128', // Scaleway
      'fd00:a9fe:a9fe::1/128', // Linode
      'fd20:ce::254/128', // Google
    ],
  },
  // The target address cannot be read from these: Teredo obfuscates it, and the local prefix of NAT64 may put it anywhere.
  { what: 'an address that hides another one', networks: ['2001::/32', '64:ff9b:1::/48'] },
];

/** IPv6 networks whose addresses embed an IPv4 address, at the end or after 16 bits. `BlockList` handles mapped ones itself. */
const EMBEDDING = [
  { before: [0x2002], bits: 16 }, // 6to4
  { before: [0x64, 0xff9b, 0, 0, 0, 0], bits: 96 }, // NAT64
  { before: [0, 0, 0, 0, 0xffff, 0], bits: 96 }, // translated
  { before: [0, 0, 0, 0, 0, 0], bits: 96 }, // compatible
] as const;
/** The IPv4-compatible form of the unspecified network, which contains the loopback address of IPv6. */
const EMBEDDING_WITH_LOOPBACK = '0:0:0:0:0:0:0:0/104';

const LISTS = RULES.map(({ what, networks }) => ({ what, list: listOf(networks) }));

/** Describes why an address is forbidden, as in `a link-local address`; undefined if it is not. */
export function forbiddenAs(address: string): string | undefined {
  return LISTS.find(({ list }) => isIn(list, address))?.what;
}

export function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** @param networks networks with their prefix length, or single addresses. */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const isV4 = isIPv4(address);
    list.addSubnet(address, Number(prefix ?? (isV4 ? 32 : 128)), isV4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

function listOf(networks: readonly string[]): BlockList {
  const embedded = networks.filter((network) => network.includes('.')).flatMap(embeddingsOf);
  return networkList([...networks, ...embedded]);
}

function embeddingsOf(network: string): string[] {
  const [address = '', prefix = ''] = network.split('/');
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return EMBEDDING.map(({ before, bits }) => {
    const groups = [...before, a * 256 + b, c * 256 + d, 0, 0, 0, 0, 0].slice(0, 8);
    return `${groups.map((group) => group.toString(16)).join(':')}/${String(bits + Number(prefix))}`;
  }).filter((embedding) => embedding !== EMBEDDING_WITH_LOOPBACK);
}
