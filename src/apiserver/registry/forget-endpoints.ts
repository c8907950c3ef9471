import { messageOf, type Logger } from '#base';
import type { Service } from '#api';
import { isStatusError } from '#machinery';
import { systemContext } from './defaults.ts';
import type { Rest } from './rest.ts';

/**
 * Deletes the Endpoints of a Service that has been deleted, at once, as upstream's storage does (`core/service/storage`,
 * `afterDelete`): a controller may do so later. That the Service is gone stays true when this fails.
 */
export function forgetEndpoints(endpoints: () => Rest, log: Logger): (service: Service) => Promise<void> {
  return async ({ metadata: { namespace = '', name = '' } }) => {
    try {
      await endpoints().delete(systemContext(new AbortController().signal), namespace, name);
    } catch (error) {
      if (isStatusError(error, 'NotFound')) return;
      log.error(
        { service: `${namespace}/${name}`, error: messageOf(error) },
        'the endpoints of a deleted service stay',
      );
    }
  };
}
