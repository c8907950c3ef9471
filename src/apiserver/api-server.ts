import { messageOf, Pace, runAll, type Clock, type Component, type Logger, type Random } from '#base';
import { allResources, type APIService } from '#api';
import type { Transport } from '#client';
import type { Store } from '#etcd';
import { formatTime, type Resource } from '#machinery';
import { NodeRestriction } from './admission/node-restriction/node-restriction.ts';
import { Authenticator, type StaticToken } from './authn/authenticator.ts';
import { serviceAccountKey, type ServiceAccountKey } from './authn/service-account-key.ts';
import { ServiceAccountTokens } from './authn/service-account-tokens.ts';
import { TokenSigner } from './authn/token-signer.ts';
import { authenticated } from './authn/users.ts';
import { Access } from './authz/access.ts';
import { bootstrapRoles } from './authz/bootstrap.ts';
import type { PolicyObject } from './authz/policy/objects.ts';
import { EscalationCheck } from './authz/escalation.ts';
import { PolicyParams } from './authz/policy-params.ts';
import { certificateApproval, certificateSigning } from './authz/signers.ts';
import { FlowControl } from './flowcontrol/index.ts';
import type { Encryption } from './encryption/index.ts';
import { groupsOf } from './discovery/groups.ts';
import { discoveryHandler } from './discovery/handler.ts';
import type { Catalog, VirtualRest } from './handlers/catalog.ts';
import { ComponentStatuses, type ComponentCheck } from './handlers/component-statuses.ts';
import { podBindings } from './handlers/pod-bindings.ts';
import { dispatcher, type PathHandler } from './handlers/dispatch.ts';
import { HealthMetrics, healthMetricsHandler } from './handlers/health-metrics.ts';
import { flowControlHooks, registryHooks, StartHooks } from './handlers/start-hooks.ts';
import { healthHandler, type HealthCheck } from './handlers/health.ts';
import { apiVersionInfo, metricsHandler, openIdHandlers, rootHandler, versionHandler } from './handlers/paths.ts';
import { chain } from './http/filter.ts';
import { errorAnswerer, filters } from './http/filters.ts';
import { Listener, type TlsOptions } from './http/listener.ts';
import type { Exchange } from './http/exchange.ts';
import { Metrics } from './metrics/metrics.ts';
import { openApiHandler } from './openapi/handler.ts';
import type { ClientCertificate, Dial } from './proxy/backend.ts';
import { Connect } from './proxy/connect.ts';
import { rootPaths } from './handlers/root-paths.ts';
import { flagz } from './zpages/flagz.ts';
import { serverFlags } from './zpages/server-flags.ts';
import { statusz } from './zpages/statusz.ts';
import { zPageHandler } from './zpages/z-page.ts';
import { systemContext } from './registry/defaults.ts';
import { Registry, type Rest, type SignedToken, type TokenClaims } from './registry/index.ts';
import { reviews } from './reviews/reviews.ts';
import { compaction, defaultHistoryMs } from './keepers/compaction.ts';
import { FlowControlKeeper } from './keepers/flow-control.ts';
import { registerLocalApiServices } from './keepers/local-api-services.ts';
import { InProcessTransport } from './transport/in-process.ts';

/** Of each turn of the event loop requests begin in so much; what was begun goes on besides. */
const turnMs = 3;

export interface ApiServerOptions {
  store: Store;
  /** Which resources are sealed in the store, and how; default: none. The server runs it. */
  encryption?: Encryption;
  clock: Clock;
  random: Random;
  log: Logger;
  /** Where to listen; port 0 takes a free one. */
  listen: readonly { host: string; port: number }[];
  /** The serving certificate, and who signs client certificates. */
  tls: TlsOptions;
  /** Who the API server is towards kubelets. */
  kubeletClient: ClientCertificate;
  /** PEM private key (RSA or P-256) that signs service account tokens. */
  serviceAccountKey: string;
  /** `iss` of service account tokens. Default: https://kubernetes.default.svc.cluster.local */
  serviceAccountIssuer?: string;
  /** Tokens known from the start. */
  tokens?: readonly StaticToken[];
  serviceCidr: string;
  nodePortRange?: { first: number; last: number };
  /** What the Service `kubernetes` leads to; loopback addresses are left out, and then it leads nowhere. */
  advertise: { addresses: readonly string[]; port: number };
  /** Whether other API servers serve the same store; then it leads to all of them. */
  sharesStore?: boolean;
  /** Roles and bindings that are there, beside the default ones, before the server answers. */
  policy?: readonly PolicyObject[];
  /** Opens connections to pods and services for their `proxy` subresources; default: TCP from this process. */
  dialPod?: Dial;
  /** The parts of the control plane beside the store, for `componentstatuses`. */
  components?: () => readonly ComponentCheck[];
  /** Default: 60 seconds. */
  requestTimeoutMs?: number;
  /** Together the requests that are worked on at once. Default: 400 and 200, as upstream. */
  maxInFlight?: { reading: number; writing: number };
  /** How long lists go on from what was, and watches start from it. Default: 5 minutes, as upstream. */
  historyMs?: number;
}

/** `--etcd-healthcheck-timeout`. */
const etcdCheckMs = 2_000;
const defaultRequestTimeoutMs = 60_000;
const defaultMaxInFlight = { reading: 400, writing: 200 };
const defaultIssuer = 'https://kubernetes.default.svc.cluster.local';

/** The API server: the edge over the registry. */
export class ApiServer implements Component {
  readonly #options: ApiServerOptions;
  readonly #registry: Registry;
  readonly #access: Access;
  readonly #flowControl: FlowControl;
  readonly #flowControlKeeper: FlowControlKeeper;
  readonly #authenticator: Authenticator;
  readonly #signer: TokenSigner;
  readonly #key: ServiceAccountKey;
  readonly #metrics: Metrics;
  readonly #virtual: ReadonlyMap<string, VirtualRest>;
  readonly #components: ComponentStatuses;
  readonly #listeners: Listener[];
  readonly #hooks = new StartHooks();
  readonly #stopped = new AbortController();
  readonly #ready = Promise.withResolvers<void>();
  #isReady = false;
  #ports: number[] = [];

  constructor(options: ApiServerOptions) {
    this.#options = options;
    const { clock, random, log, tls } = options;
    const issuer = options.serviceAccountIssuer ?? defaultIssuer;
    this.#key = serviceAccountKey(options.serviceAccountKey);
    this.#signer = new TokenSigner({ key: this.#key, issuer, clock, random });
    this.#metrics = new Metrics({ clock, resources: allResources, version: apiVersionInfo.gitVersion });
    if (options.encryption) this.#metrics.include(options.encryption.metrics);
    this.#registry = this.#createRegistry();
    this.#metrics.add({
      objects: () => this.#registry.counts(),
      storeBytes: () => this.#storeBytes(),
      apiServices: () => this.#apiServices(),
    });
    const rest = (group: string, plural: string): Rest => this.#mustRest(group, plural);
    this.#access = new Access({ rest, clock, log });
    this.#flowControl = this.#createFlowControl();
    this.#metrics.include(this.#flowControl);
    this.#flowControlKeeper = new FlowControlKeeper({
      rest,
      clock,
      log,
      changed: (schemas, levels) => this.#flowControl.configure(schemas, levels),
    });
    const lookup = this.#registry.lookup;
    const find = async (plural: string, ns: string, name: string): ReturnType<typeof lookup.read> =>
      lookup.cached({ group: '', plural }, ns, name) ?? lookup.read({ group: '', plural }, ns, name);
    this.#authenticator = new Authenticator({
      serviceAccounts: new ServiceAccountTokens({ key: this.#key, issuer, clock, find }),
      ...(options.tokens && { tokens: options.tokens }),
      certified: (untilMs) => this.#metrics.access.certificate((untilMs - clock.now()) / 1000),
    });
    const { authorizer, rbac } = this.#access;
    const answered = [
      ...reviews({ authenticator: this.#authenticator, authorizer, rbac }, clock),
      podBindings(() => rest('', 'pods')),
    ];
    this.#virtual = new Map(answered.map((one) => [`${one.resource.group}/${one.resource.plural}`, one]));
    this.#components = new ComponentStatuses(() => [...(options.components?.() ?? []), this.#etcdCheck()]);
    const handle = this.#handler(issuer);
    const handshakeFailed = (): void => this.#metrics.access.handshakeFailed();
    this.#listeners = options.listen.map(
      (address) => new Listener({ ...address, tls, clock, log, handle, handshakeFailed }),
    );
    this.#ready.promise.catch(() => {}); // whoever runs the server hears of it
  }

  /** Resolves when the server answers; rejects when it could not start. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** The ports it listens on, in the order of `listen`; empty before it is ready. */
  get ports(): readonly number[] {
    return this.#ports;
  }

  /** The API for a component in this process. Calls wait until the server is ready. */
  transport(user: { name: string; groups: readonly string[] }): Transport {
    const parts = {
      catalog: this.#catalog(),
      authorizer: this.#access.authorizer,
      stopped: this.#stopped.signal,
      ready: this.ready,
    };
    return new InProcessTransport(parts, authenticated({ name: user.name, groups: [...user.groups] }));
  }

  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#stopped.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      const serving = { run: (all: AbortSignal) => this.#serve(all) };
      const { encryption } = this.#options;
      await encryption?.prime();
      const parts = [this.#registry, this.#access, this.#flowControlKeeper, this.#compaction(), serving];
      await runAll(encryption ? [encryption, ...parts] : parts, signal);
    } catch (error) {
      this.#ready.reject(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      this.#stopped.abort();
      this.#ready.reject(new Error('the API server stopped before it was ready'));
    }
  }

  #compaction(): Component {
    const compacted = (revision: number): void => this.#registry.compacted(revision);
    return compaction({ ...this.#options, compacted });
  }

  async #serve(signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
    });
    await Promise.race([this.#start(signal), aborted]);
    if (!signal.aborted) {
      this.#isReady = true;
      this.#ready.resolve();
      await aborted;
    }
    this.#isReady = false;
    await Promise.all(this.#listeners.map((listener) => listener.close(2000)));
  }

  async #start(signal: AbortSignal): Promise<void> {
    await this.#hooks.follow(registryHooks, this.#registry.ready);
    const rest = (group: string, plural: string): Rest => this.#mustRest(group, plural);
    const roles = bootstrapRoles({ rest, added: this.#options.policy ?? [], log: this.#options.log, signal });
    await this.#hooks.follow(['rbac/bootstrap-roles'], roles);
    const apiServices = rest('apiregistration.k8s.io', 'apiservices');
    const registered = registerLocalApiServices({ rest: apiServices, resources: allResources, signal });
    await Promise.all([
      this.#hooks.follow(['generic-apiserver-start-informers'], this.#access.synced()),
      this.#hooks.follow(flowControlHooks, this.#flowControlKeeper.settled),
      this.#hooks.follow(['kube-apiserver-autoregistration'], registered),
    ]);
    this.#ports = await Promise.all(this.#listeners.map((listener) => listener.listen()));
    this.#options.log.info({ ports: this.#ports }, 'serving the API');
  }

  #createRegistry(): Registry {
    const { store, encryption, clock, random, log, serviceCidr, nodePortRange, advertise } = this.#options;
    return new Registry({
      store: this.#metrics.storage.measured(store),
      clock,
      random,
      log,
      serviceCidr,
      resources: allResources,
      endpoints: advertise,
      ...(this.#options.sharesStore && { sharesStore: true }),
      signToken: (claims) => this.#signToken(claims),
      plugins: [
        new NodeRestriction({ lookup: () => this.#registry.lookup, authorizer: () => this.#access.authorizer }),
        new EscalationCheck(() => this.#access),
        certificateApproval(() => this.#access.authorizer),
        certificateSigning(() => this.#access.authorizer),
        new PolicyParams({
          authorizer: () => this.#access.authorizer,
          lookup: () => this.#registry.lookup,
          resources: allResources,
        }),
      ],
      ...(nodePortRange && { nodePortRange }),
      ...(encryption && { encryption }),
    });
  }

  #createFlowControl(): FlowControl {
    const { clock, maxInFlight = defaultMaxInFlight, requestTimeoutMs = defaultRequestTimeoutMs } = this.#options;
    return new FlowControl({
      clock,
      seats: maxInFlight.reading + maxInFlight.writing,
      maxWaitMs: requestTimeoutMs / 4,
      count: (group, plural) => this.#registry.count(group, plural),
    });
  }

  async #signToken({ serviceAccount, audiences, expirationSeconds, bound, node }: TokenClaims): Promise<SignedToken> {
    const { namespace = '', name = '', uid = '' } = serviceAccount.metadata;
    const reference = bound && { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } };
    const signed = await this.#signer.sign({
      audiences,
      expirationSeconds,
      namespace,
      serviceaccount: { name, uid },
      ...(node && { node }),
      ...reference,
    });
    return {
      token: signed.token,
      expirationTimestamp: formatTime(signed.expirationTimestampMs),
      audiences: audiences.length > 0 ? audiences : this.#signer.defaultAudiences,
    };
  }

  #mustRest(group: string, plural: string): Rest {
    const rest = this.#registry.rest(group, plural);
    if (!rest) throw new Error(`the registry has no ${plural}.${group}`);
    return rest;
  }

  #catalog(): Catalog {
    return {
      resources: allResources,
      rest: (group, plural, version) => {
        const { resource } = this.#components;
        const isComponents = group === '' && plural === resource.plural && (version ?? 'v1') === resource.version;
        return isComponents ? this.#components : this.#registry.rest(group, plural, version);
      },
      virtual: (group, plural) => this.#virtual.get(`${group}/${plural}`),
    };
  }

  #handler(issuer: string): (exchange: Exchange) => Promise<void> {
    const { clock, random, log, kubeletClient, dialPod } = this.#options;
    const connect = new Connect({
      rest: (group, plural) => this.#mustRest(group, plural),
      certificate: kubeletClient,
      random,
      ...(dialPod && { dial: dialPod }),
      longRunning: (exchange) => this.#metrics.longRunning(exchange),
    });
    const dispatch = dispatcher({
      clock,
      authorizer: this.#access.authorizer,
      random,
      metrics: this.#metrics,
      pace: new Pace({ clock, turnMs }),
      catalog: this.#catalog(),
      connect: (exchange) => connect.serve(exchange),
      paths: this.#paths(issuer, served(allResources, this.#catalog())),
    });
    const steps = filters({
      authenticator: this.#authenticator,
      authorizer: this.#access.authorizer,
      metrics: this.#metrics,
      clock,
      random,
      log,
      timeoutMs: this.#options.requestTimeoutMs ?? defaultRequestTimeoutMs,
      flowControl: this.#flowControl,
      stopped: this.#stopped.signal,
    });
    return chain({ filters: steps, last: dispatch, answerError: errorAnswerer({ log }) });
  }

  #paths(issuer: string, resources: readonly Resource[]): PathHandler[] {
    const { advertise, clock, log, random } = this.#options;
    const groups = groupsOf(resources);
    const checks = this.#checks();
    const paths = rootPaths(groups, checks);
    const health = new HealthMetrics();
    const address = `${advertise.addresses[0] ?? '127.0.0.1'}:${advertise.port}`;
    return [
      discoveryHandler(groups, address),
      openApiHandler(groups, `${apiVersionInfo.major}.${apiVersionInfo.minor}`, clock),
      versionHandler(apiVersionInfo),
      healthHandler(checks, (check, endpoint, error) => {
        health.observe(check, endpoint, error === undefined);
        if (error !== undefined) log.warn({ check, error }, 'health check failed');
      }),
      metricsHandler(this.#metrics),
      healthMetricsHandler(health),
      ...openIdHandlers(this.#key, issuer),
      zPageHandler(statusz({ clock, version: apiVersionInfo, paths }), random),
      zPageHandler(flagz(this.#flags(issuer)), random),
      rootHandler(paths),
    ];
  }

  #flags(issuer: string): Record<string, string> {
    const {
      maxInFlight = defaultMaxInFlight,
      requestTimeoutMs = defaultRequestTimeoutMs,
      historyMs = defaultHistoryMs,
    } = this.#options;
    return serverFlags(this.#options, { issuer, maxInFlight, requestTimeoutMs, historyMs });
  }

  #etcdCheck(): ComponentCheck {
    return {
      name: 'etcd-0',
      check: () => this.#checkEtcd(),
    };
  }

  /** Those of groups that others serve are available as soon as somebody says so. */
  async #apiServices(): Promise<{ name: string; isAvailable: boolean }[]> {
    const rest = this.#mustRest('apiregistration.k8s.io', 'apiservices');
    const { items } = await rest.list(systemContext(this.#stopped.signal), '', { resourceVersion: '0' });
    return items.map(({ object }) => {
      const { metadata, status } = object as APIService;
      const available = status.conditions?.find(({ type }) => type === 'Available');
      return { name: metadata.name ?? '', isAvailable: available?.status === 'True' };
    });
  }

  /** Undefined while the store does not answer: the other metrics are read all the more then. */
  async #storeBytes(): Promise<number | undefined> {
    try {
      return (await this.#options.store.status()).dbSizeBytes;
    } catch (error) {
      this.#options.log.debug({ error: messageOf(error) }, 'the size of the store is not known');
      return undefined;
    }
  }

  /** A read that a majority of the members must agree on (`storagebackend/factory/etcd3.go`). */
  async #checkEtcd(): Promise<void> {
    const { store, clock } = this.#options;
    const late = new AbortController();
    const tooLate = async (): Promise<never> => {
      await clock.sleep(etcdCheckMs, late.signal);
      throw new Error('error getting data from etcd: context deadline exceeded');
    };
    try {
      await Promise.race([store.range({ key: Buffer.from('/registry/health') }), tooLate()]);
    } finally {
      late.abort();
    }
  }

  #checks(): HealthCheck[] {
    const { encryption } = this.#options;
    const kms = { name: 'kms-providers', notLive: true, check: () => encryption?.check() };
    return [
      { name: 'ping', check: () => undefined },
      { ...this.#etcdCheck(), name: 'etcd' },
      { ...this.#etcdCheck(), name: 'etcd-readiness', readyOnly: true },
      ...(encryption?.hasHealth ? [kms] : []),
      {
        name: 'informer-sync',
        readyOnly: true,
        check: () => {
          if (!this.#isReady) throw new Error('not ready yet');
        },
      },
      ...this.#hooks.checks,
      {
        name: 'shutdown',
        readyOnly: true,
        check: () => {
          if (this.#stopped.signal.aborted) throw new Error('process is shutting down');
        },
      },
    ];
  }
}

/** What discovery tells: the resources that something answers. */
function served(resources: readonly Resource[], catalog: Catalog): Resource[] {
  return resources.filter(({ group, plural }) => catalog.virtual(group, plural) ?? catalog.rest(group, plural));
}
