import { Injectable } from '@nestjs/common';
import { GrantCatalog } from '../../../people/grants/grant-catalog.js';
import { GrantListing } from '../../../people/grants/grant-listing.js';
import { OpenScans } from '../../rows/open-scans.js';
import type { HandlersOf } from '../statement-handler.js';
import { grant, grantOwnership, grantRole, revoke, revokeRole } from './grant-changes.js';
import { selectGrants, showGrants } from './show-grants.js';

/** Handlers of statements about grants. */
@Injectable()
export class GrantStatements {
  readonly handlers: HandlersOf<
    'grant' | 'revoke' | 'grant-role' | 'revoke-role' | 'grant-ownership' | 'show-grants' | 'select-grants'
  >;

  constructor(catalog: GrantCatalog, listing: GrantListing, scans: OpenScans) {
    this.handlers = {
      grant: grant(catalog),
      revoke: revoke(catalog),
      'grant-role': grantRole(catalog),
      'revoke-role': revokeRole(catalog),
      'grant-ownership': grantOwnership(catalog),
      'show-grants': showGrants(listing, scans),
      'select-grants': selectGrants(listing, scans),
    };
  }
}
