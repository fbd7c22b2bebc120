import { auditQuery, NO_FILTER } from '../../../console/src/admin/audit-filter.js';

const NOW = Date.UTC(2026, 11, 1, 12);

it('asks for everything where nothing is filtered', () => {
  expect(auditQuery(NO_FILTER)).toEqual({});
});

it('asks for what is given, from so many hours ago on', () => {
  const filter = { ...NO_FILTER, user: 'ada', action: 'file.put', outcome: 'denied', hours: '24' } as const;
  expect(auditQuery(filter, NOW)).toEqual({
    user: 'ada',
    action: 'file.put',
    outcome: 'denied',
    from: '2026-11-30T12:00:00.000Z',
  });
});
