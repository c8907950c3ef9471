/** The types of apiextensions/v1: resources that users add to the API. */
export * from './conversion-review.ts';
export * from './custom-resource-definition-names.ts';
export * from './custom-resource-definition-version.ts';
export * from './custom-resource-definition.ts';
export * from './json-schema-props.ts';
export * from './webhook-conversion.ts';
