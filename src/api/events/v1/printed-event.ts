import type { PrintedEvent } from '../../core/v1/event-columns.ts';
import type { Event } from './event.ts';

/** An event of this group by the names of the core group, for the columns and fields that both show. */
export function printedEvent(event: Event): PrintedEvent {
  const { regarding, note, reportingController } = event;
  const { deprecatedSource, deprecatedFirstTimestamp, deprecatedLastTimestamp, deprecatedCount } = event;
  const { metadata, type, reason, eventTime, series, reportingInstance } = event;
  return {
    metadata,
    involvedObject: regarding ?? {},
    eventTime,
    ...(type !== undefined && { type }),
    ...(reason !== undefined && { reason }),
    ...(note !== undefined && { message: note }),
    ...(series && { series }),
    ...(reportingController !== undefined && { reportingComponent: reportingController }),
    ...(reportingInstance !== undefined && { reportingInstance }),
    ...(deprecatedSource && { source: deprecatedSource }),
    ...(deprecatedFirstTimestamp !== undefined && { firstTimestamp: deprecatedFirstTimestamp }),
    ...(deprecatedLastTimestamp !== undefined && { lastTimestamp: deprecatedLastTimestamp }),
    ...(deprecatedCount !== undefined && { count: deprecatedCount }),
  };
}
