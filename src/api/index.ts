/**
 * The API itself: what a Pod is, and a Service, and everything else that people write and components read.
 *
 * Each type is a class in the schema language of `#machinery`, in the folder of its group and version, in a file named as
 * its kind (`core/v1/pod.ts`). The class is at once the static type of plain JSON objects and the data that decoding,
 * defaults, validation, protobuf, patches and OpenAPI walk over. The file with the plural name (`core/v1/pods.ts`) tells
 * the resource: its place in the URL, its short names and subresources, the columns that `kubectl get` prints, the fields
 * it can be selected by, the defaults and rules that span fields. `allResources` is the list of them, `packages` is the
 * list of types by the names that OpenAPI gives them, and `listOf(kind)` makes the list types.
 *
 * What comes in are plain objects, what goes out are answers about them: cells, defaulted objects, field errors. Nothing
 * here reads the cluster: what needs other objects, or changes with time, is a strategy of `#apiserver`.
 */
export * from './meta/v1/index.ts';
export { typeMeta } from './meta/v1/type-meta.ts';
export { listOf } from './meta/v1/list-of.ts';
export * from './apidiscovery/v2/index.ts';
export { EndpointPort as EndpointsPort, EventSeries } from './core/v1/index.ts';
export { RangeAllocation } from './core/v1/range-allocation.ts';
export {
  NodeSelectorRequirement,
  NodeSelectorTerm,
  NodeSelector,
  PreferredSchedulingTerm,
  NodeAffinity,
  PodAffinityTerm,
  WeightedPodAffinityTerm,
  PodAffinity,
  PodAntiAffinity,
  Affinity,
  Binding,
  ComponentCondition,
  ComponentStatus,
  ConfigMap,
  PodLogOptions,
  PodExecOptions,
  PodAttachOptions,
  PodPortForwardOptions,
  PodProxyOptions,
  NodeProxyOptions,
  ServiceProxyOptions,
  ContainerStateWaiting,
  ContainerStateRunning,
  ContainerStateTerminated,
  ContainerState,
  LinuxContainerUser,
  ContainerUser,
  ResourceHealth,
  ResourceStatus,
  ImageVolumeStatus,
  VolumeStatus,
  VolumeMountStatus,
  ContainerStatus,
  ContainerPort,
  VolumeMount,
  VolumeDevice,
  ContainerRestartRuleOnExitCodes,
  ContainerRestartRule,
  Container,
  EndpointAddress,
  EndpointSubset,
  Endpoints,
  ObjectFieldSelector,
  ResourceFieldSelector,
  ConfigMapKeySelector,
  SecretKeySelector,
  FileKeySelector,
  EnvVarSource,
  EnvVar,
  ConfigMapEnvSource,
  SecretEnvSource,
  EnvFromSource,
  EphemeralContainerCommon,
  EphemeralContainer,
  EventSource,
  Event,
  NFSVolumeSource,
  ISCSIVolumeSource,
  FCVolumeSource,
  GlusterfsVolumeSource,
  RBDVolumeSource,
  CephFSVolumeSource,
  CinderVolumeSource,
  GCEPersistentDiskVolumeSource,
  AWSElasticBlockStoreVolumeSource,
  AzureDiskVolumeSource,
  AzureFileVolumeSource,
  VsphereVirtualDiskVolumeSource,
  PhotonPersistentDiskVolumeSource,
  PortworxVolumeSource,
  ScaleIOVolumeSource,
  StorageOSVolumeSource,
  QuobyteVolumeSource,
  FlockerVolumeSource,
  FlexVolumeSource,
  GitRepoVolumeSource,
  LimitRangeItem,
  LimitRangeSpec,
  LimitRange,
  NamespaceSpec,
  NamespaceCondition,
  NamespaceStatus,
  Namespace,
  NodeCondition,
  NodeAddress,
  DaemonEndpoint,
  NodeDaemonEndpoints,
  NodeSwapStatus,
  NodeSystemInfo,
  ContainerImage,
  AttachedVolume,
  ConfigMapNodeConfigSource,
  NodeConfigSource,
  NodeConfigStatus,
  NodeRuntimeHandlerFeatures,
  NodeRuntimeHandler,
  NodeFeatures,
  NodeStatus,
  NodeSpec,
  Node,
  PersistentVolumeClaimSpec,
  PersistentVolumeClaimTemplate,
  PersistentVolumeClaimCondition,
  ModifyVolumeStatus,
  PersistentVolumeClaimStatus,
  PersistentVolumeClaim,
  GlusterfsPersistentVolumeSource,
  RBDPersistentVolumeSource,
  ISCSIPersistentVolumeSource,
  CinderPersistentVolumeSource,
  CephFSPersistentVolumeSource,
  FlexPersistentVolumeSource,
  AzureFilePersistentVolumeSource,
  ScaleIOPersistentVolumeSource,
  LocalVolumeSource,
  StorageOSPersistentVolumeSource,
  CSIPersistentVolumeSource,
  PersistentVolumeSource,
  VolumeNodeAffinity,
  PersistentVolumeSpec,
  PersistentVolumeStatus,
  PersistentVolume,
  HostAlias,
  PodDNSConfigOption,
  PodDNSConfig,
  PodReadinessGate,
  PodSchedulingGate,
  PodSchedulingGroup,
  PodOS,
  PodResourceClaim,
  TopologySpreadConstraint,
  PodSpec,
  PodCondition,
  PodIP,
  HostIP,
  PodResourceClaimStatus,
  ContainerExtendedResourceRequest,
  PodExtendedResourceClaimStatus,
  NodeAllocatableResourceClaimStatus,
  PodStatus,
  Pod,
  PodTemplateSpec,
  PodTemplate,
  ReplicationControllerSpec,
  ReplicationControllerCondition,
  ReplicationControllerStatus,
  ReplicationController,
  ScopedResourceSelectorRequirement,
  ScopeSelector,
  ResourceQuotaSpec,
  ResourceQuotaStatus,
  ResourceQuota,
  HTTPHeader,
  HTTPGetAction,
  TCPSocketAction,
  GRPCAction,
  ExecAction,
  SleepAction,
  ProbeHandler,
  Probe,
  LifecycleHandler,
  Lifecycle,
  KeyToPath,
  ConfigMapVolumeSource,
  SecretVolumeSource,
  DownwardAPIVolumeFile,
  DownwardAPIVolumeSource,
  ConfigMapProjection,
  SecretProjection,
  DownwardAPIProjection,
  ServiceAccountTokenProjection,
  ClusterTrustBundleProjection,
  PodCertificateProjection,
  VolumeProjection,
  ProjectedVolumeSource,
  ObjectReference,
  LocalObjectReference,
  TypedLocalObjectReference,
  TypedObjectReference,
  SecretReference,
  ResourceClaim,
  ResourceRequirements,
  VolumeResourceRequirements,
  ContainerResizePolicy,
  Secret,
  Capabilities,
  SELinuxOptions,
  WindowsSecurityContextOptions,
  SeccompProfile,
  AppArmorProfile,
  SecurityContext,
  Sysctl,
  PodSecurityContext,
  ServiceAccount,
  ServicePort,
  ClientIPConfig,
  SessionAffinityConfig,
  ServiceSpec,
  PortStatus,
  LoadBalancerIngress,
  LoadBalancerStatus,
  ServiceStatus,
  Service,
  Taint,
  Toleration,
  TopologySelectorLabelRequirement,
  TopologySelectorTerm,
  HostPathVolumeSource,
  EmptyDirVolumeSource,
  PersistentVolumeClaimVolumeSource,
  EphemeralVolumeSource,
  CSIVolumeSource,
  ImageVolumeSource,
  VolumeSource,
  Volume,
} from './core/v1/index.ts';
export * from './apps/v1/index.ts';
export * from './batch/v1/index.ts';
export * from './rbac/v1/index.ts';
export * from './coordination/v1/index.ts';
export * from './discovery/v1/index.ts';
export * from './authentication/v1/index.ts';
export * from './authorization/v1/index.ts';
export {
  HorizontalPodAutoscaler as HorizontalPodAutoscalerV1,
  Scale,
  ScaleSpec,
  ScaleStatus,
} from './autoscaling/v1/index.ts';
export * from './autoscaling/v2/index.ts';
export * from './certificates/v1/index.ts';
export * from './flowcontrol/v1/flow-schema.ts';
export * from './flowcontrol/v1/priority-level-configuration.ts';
export { mandatoryFlowSchemas, suggestedFlowSchemas } from './flowcontrol/v1/bootstrap-flow-schemas.ts';
export { mandatoryPriorityLevels, suggestedPriorityLevels } from './flowcontrol/v1/bootstrap-priority-levels.ts';
export * from './networking/v1/index.ts';
export * from './admissionregistration/v1/webhook-configuration.ts';
export { CustomResourceDefinition } from './apiextensions/v1/custom-resource-definition.ts';
export * from './apiextensions/v1/json-schema-props.ts';
export { APIService } from './apiregistration/v1/api-service.ts';
export { ValidatingAdmissionPolicy } from './admissionregistration/v1/validating-admission-policy.ts';
export { ValidatingAdmissionPolicyBinding } from './admissionregistration/v1/validating-admission-policy-binding.ts';
export { MutatingAdmissionPolicy } from './admissionregistration/v1/mutating-admission-policy.ts';
export { MutatingAdmissionPolicyBinding } from './admissionregistration/v1/mutating-admission-policy-binding.ts';
export { ResourceClaim as ResourceClaimV1 } from './resource/v1/resource-claim.ts';
export { DeviceClass } from './resource/v1/device-class.ts';
export { ResourceClaimTemplate } from './resource/v1/resource-claim-template.ts';
export { ResourceSlice } from './resource/v1/resource-slice.ts';
export * from './policy/v1/index.ts';
export * from './node/v1/index.ts';
export * from './scheduling/v1/index.ts';
export { highestUserPriority, systemPriorityClasses } from './scheduling/v1/system-priority-classes.ts';
export {
  CSIDriver,
  CSIDriverSpec,
  CSINode,
  CSINodeDriver,
  CSINodeSpec,
  CSIStorageCapacity,
  StorageClass,
  TokenRequest as CSITokenRequest,
  VolumeAttachment,
  VolumeAttachmentSource,
  VolumeAttachmentSpec,
  VolumeAttachmentStatus,
  VolumeAttributesClass,
  VolumeError,
  VolumeNodeResources,
} from './storage/v1/index.ts';
export { Event as EventV1, EventSeries as EventSeriesV1 } from './events/v1/index.ts';
export { controllerRevisions } from './apps/v1/controller-revisions.ts';
export { daemonSets } from './apps/v1/daemon-sets.ts';
export { templateGeneration } from './apps/v1/daemon-set-defaults.ts';
export { deployments } from './apps/v1/deployments.ts';
export { replicaSets } from './apps/v1/replica-sets.ts';
export { statefulSets } from './apps/v1/stateful-sets.ts';
export { autoscalerFromV1, autoscalerToV1 } from './autoscaling/v1/conversion.ts';
export { scales } from './autoscaling/v1/scales.ts';
export { horizontalPodAutoscalersV1 } from './autoscaling/v1/horizontal-pod-autoscalers.ts';
export { horizontalPodAutoscalers } from './autoscaling/v2/horizontal-pod-autoscalers.ts';
export { cronJobs } from './batch/v1/cron-jobs.ts';
export { jobLabels, legacyJobLabels } from './batch/v1/job-labels.ts';
export { jobs } from './batch/v1/jobs.ts';
export { tokenReviews, selfSubjectReviews } from './authentication/v1/reviews.ts';
export {
  subjectAccessReviews,
  selfSubjectAccessReviews,
  localSubjectAccessReviews,
  selfSubjectRulesReviews,
} from './authorization/v1/reviews.ts';
export { certificateSigningRequests } from './certificates/v1/certificate-signing-requests.ts';
export { leases } from './coordination/v1/leases.ts';
export { bindings } from './core/v1/bindings.ts';
export { configMaps } from './core/v1/config-maps.ts';
export { endpoints } from './core/v1/endpoints-resource.ts';
export { events } from './core/v1/events.ts';
export { validateFinalizerName, validateFinalizerOwner } from './core/v1/namespace-validation.ts';
export { namespaces } from './core/v1/namespaces.ts';
export { nodes } from './core/v1/nodes.ts';
export { pods } from './core/v1/pods.ts';
export { secrets } from './core/v1/secrets.ts';
export { serviceAccounts } from './core/v1/service-accounts.ts';
export { services } from './core/v1/services.ts';
export { endpointSlices } from './discovery/v1/endpoint-slices.ts';
export { eventsV1 } from './events/v1/events.ts';
export { flowSchemas } from './flowcontrol/v1/flow-schemas.ts';
export { priorityLevelConfigurations } from './flowcontrol/v1/priority-level-configurations.ts';
export { ingressClasses } from './networking/v1/ingress-classes.ts';
export { ingresses } from './networking/v1/ingresses.ts';
export { ipAddresses } from './networking/v1/ip-addresses.ts';
export { networkPolicies } from './networking/v1/network-policies.ts';
export { serviceCIDRs } from './networking/v1/service-cidrs.ts';
export { podDisruptionBudgets } from './policy/v1/pod-disruption-budgets.ts';
export { clusterRoleBindings } from './rbac/v1/cluster-role-bindings.ts';
export { customResourceDefinitions } from './apiextensions/v1/custom-resource-definitions.ts';
export { apiServices } from './apiregistration/v1/api-services.ts';
export { mutatingAdmissionPolicies } from './admissionregistration/v1/mutating-admission-policies.ts';
export { mutatingAdmissionPolicyBindings } from './admissionregistration/v1/mutating-admission-policy-bindings.ts';
export { mutatingWebhookConfigurations } from './admissionregistration/v1/mutating-webhook-configurations.ts';
export { validatingAdmissionPolicies } from './admissionregistration/v1/validating-admission-policies.ts';
export { validatingAdmissionPolicyBindings } from './admissionregistration/v1/validating-admission-policy-bindings.ts';
export { validatingWebhookConfigurations } from './admissionregistration/v1/validating-webhook-configurations.ts';
export { deviceClasses } from './resource/v1/device-classes.ts';
export { resourceClaimTemplates } from './resource/v1/resource-claim-templates.ts';
export { resourceClaims } from './resource/v1/resource-claims.ts';
export { resourceSlices } from './resource/v1/resource-slices.ts';
export { clusterRoles } from './rbac/v1/cluster-roles.ts';
export { roleBindings } from './rbac/v1/role-bindings.ts';
export { roles } from './rbac/v1/roles.ts';
export { componentStatuses } from './core/v1/component-statuses.ts';
export { limitRanges } from './core/v1/limit-ranges.ts';
export { persistentVolumeClaims } from './core/v1/persistent-volume-claims.ts';
export { persistentVolumes } from './core/v1/persistent-volumes.ts';
export { podTemplates } from './core/v1/pod-templates.ts';
export { replicationControllers } from './core/v1/replication-controllers.ts';
export {
  amountsOf,
  largestOf,
  leftOf,
  selectAmounts,
  showAmounts,
  sumOf,
  textsOf,
  type Amounts,
} from './quota/amounts.ts';
export type { QuotaEvaluator } from './quota/evaluator.ts';
export { isInScopesOf, quotaEvaluatorOf } from './quota/quota.ts';
export { podAmounts, podAmountsWithOverhead } from './quota/pod-amounts.ts';
export { appArmorAnnotation, appArmorProfileOf } from './core/v1/app-armor.ts';
export { qosClassOf } from './core/v1/pod-qos.ts';
export { storageClassOf } from './core/v1/storage-class-of.ts';
export { isDefaultStorageClass } from './storage/v1/default-class.ts';
export { validatePersistentVolumeClaimStatus } from './core/v1/claim-status-validation.ts';
export { validateQuotaAmounts } from './core/v1/resource-quota-validation.ts';
export { resourceQuotas } from './core/v1/resource-quotas.ts';
export { runtimeClasses } from './node/v1/runtime-classes.ts';
export { priorityClasses } from './scheduling/v1/priority-classes.ts';
export { csiDrivers } from './storage/v1/csi-drivers.ts';
export { csiNodes } from './storage/v1/csi-nodes.ts';
export { csiStorageCapacities } from './storage/v1/csi-storage-capacities.ts';
export { storageClasses } from './storage/v1/storage-classes.ts';
export { volumeAttachments } from './storage/v1/volume-attachments.ts';
export { volumeAttributesClasses } from './storage/v1/volume-attributes-classes.ts';
export { allResources, preferredResources } from './resources.ts';
export { packages, type Package } from './packages.ts';
