import type { Attributes } from '../authz/attributes.ts';
import { pathAttributes } from '../authz/attributes.ts';
import type { UserInfo } from '../registry/rest.ts';

/** `authorization.k8s.io` ResourceAttributes. */
export interface ResourceAttributes {
  namespace?: string;
  verb?: string;
  group?: string;
  version?: string;
  resource?: string;
  subresource?: string;
  name?: string;
  fieldSelector?: { rawSelector?: string; requirements?: readonly unknown[] };
  labelSelector?: { rawSelector?: string; requirements?: readonly unknown[] };
}

export interface AccessSpec {
  resourceAttributes?: ResourceAttributes;
  nonResourceAttributes?: { path?: string; verb?: string };
}

/** The question that the spec of an access review asks about `user`. */
export function attributesOf(user: UserInfo, spec: AccessSpec): Attributes {
  const { resourceAttributes, nonResourceAttributes } = spec;
  if (!resourceAttributes) {
    return pathAttributes(user, nonResourceAttributes?.verb ?? '', nonResourceAttributes?.path ?? '');
  }
  const {
    namespace = '',
    verb = '',
    group = '',
    version = '',
    resource = '',
    subresource = '',
    name = '',
  } = resourceAttributes;
  const fieldSelector = resourceAttributes.fieldSelector?.rawSelector;
  return {
    user,
    verb,
    isResourceRequest: true,
    path: '',
    group,
    version,
    resource,
    subresource,
    namespace,
    name,
    ...(fieldSelector && { fieldSelector }),
  };
}
