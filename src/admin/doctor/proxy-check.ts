import { isHostAmong } from '../../common/host-pattern.js';
import { isLocalHost, isLoopback } from '../../common/loopback.js';
import type { AppConfig } from '../../config/app-config.js';
import { error, ok, warning, type Finding } from './finding.js';

/** Do PUBLIC_URL, ALLOWED_HOSTS, TRUSTED_PROXIES and HOST fit together? */
export function checkProxy(config: AppConfig): readonly Finding[] {
  const findings = [...publicUrlFindings(config), ...trustedProxyFindings(config)];
  return findings.length === 0 ? [ok('proxy', 'The settings of proxies fit together.')] : findings;
}

function publicUrlFindings({ publicUrl, access: { allowedHosts }, host }: AppConfig): readonly Finding[] {
  if (publicUrl === null) return [];
  const { hostname } = new URL(publicUrl);
  const findings: Finding[] = [];
  if (allowedHosts.length > 0 && !isHostAmong(hostname, allowedHosts)) {
    findings.push(
      error(
        'proxy',
        `PUBLIC_URL is ${publicUrl}, and ALLOWED_HOSTS leaves ${hostname} out: presigned URLs are answered 421.`,
        `Add ${hostname} to ALLOWED_HOSTS.`,
      ),
    );
  }
  if (isLocalHost(hostname) && !isLocalHost(host)) {
    findings.push(
      warning(
        'proxy',
        `PUBLIC_URL is ${publicUrl}, which other machines do not reach.`,
        'Set it to the URL that clients use.',
      ),
    );
  }
  return findings;
}

function trustedProxyFindings({
  publicUrl,
  access: { trustedProxies },
  host,
}: AppConfig): readonly Finding[] {
  const findings: Finding[] = [];
  if (publicUrl?.startsWith('https:') === true && trustedProxies.length === 0) {
    findings.push(
      warning(
        'proxy',
        'PUBLIC_URL is https, so a proxy is in front, and TRUSTED_PROXIES names none: the log and the limits of wrong passwords take all clients for the proxy.',
        'Set TRUSTED_PROXIES to the address of the proxy.',
      ),
    );
  }
  if (isLocalHost(host) && trustedProxies.some((proxy) => !isLocalProxy(proxy))) {
    findings.push(
      warning(
        'proxy',
        `HOST is ${host}: no proxy on another machine reaches this server, and TRUSTED_PROXIES names one.`,
        'Set HOST to an address that the proxy reaches, or TRUSTED_PROXIES to loopback.',
      ),
    );
  }
  return findings;
}

function isLocalProxy(proxy: string): boolean {
  return proxy === 'loopback' || isLoopback(proxy.split('/')[0] ?? '');
}
