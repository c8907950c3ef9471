import type { Clock, Logger, Random } from '#base';
import type { Client, EventRecorder, InformerFactory } from '#client';

/** What every control loop is handed. */
export interface ControllerContext {
  /** Speaks to the API server as this controller. */
  client: Client;
  /** Shared by all controllers. */
  informers: InformerFactory;
  events: EventRecorder;
  clock: Clock;
  random: Random;
  log: Logger;
}
