/** The types of apidiscovery/v2. */
export * from './api-group-discovery.ts';
