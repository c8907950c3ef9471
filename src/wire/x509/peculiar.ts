// The library's dependency injection needs this polyfill to be there first.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

export { x509 };
