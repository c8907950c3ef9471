import { serverStream, service, unary, type ServiceOf } from '#wire';
import * as m from './messages/index.ts';

/** Sandboxes, containers and the runtime itself. As data, from which server and client are made. */
export const runtimeService = service('runtime.v1.RuntimeService', {
  /** The runtime's name and version. */
  version: unary('Version', m.VersionRequest, m.VersionResponse),
  /** Makes and starts a sandbox; on return its network is ready. */
  runPodSandbox: unary('RunPodSandbox', m.RunPodSandboxRequest, m.RunPodSandboxResponse),
  /** Stops a sandbox and every container in it, and gives back its network. Stopping twice is no error, nor is an unknown ID. */
  stopPodSandbox: unary('StopPodSandbox', m.StopPodSandboxRequest, m.StopPodSandboxResponse),
  /** Removes a sandbox with its containers, by force where they run. An unknown ID is no error. */
  removePodSandbox: unary('RemovePodSandbox', m.RemovePodSandboxRequest, m.RemovePodSandboxResponse),
  /** All about one sandbox. Throws `NotFound`. */
  podSandboxStatus: unary('PodSandboxStatus', m.PodSandboxStatusRequest, m.PodSandboxStatusResponse),
  /** The sandboxes that pass a filter. */
  listPodSandbox: unary('ListPodSandbox', m.ListPodSandboxRequest, m.ListPodSandboxResponse),
  /** As `listPodSandbox`, in portions. */
  streamPodSandboxes: serverStream('StreamPodSandboxes', m.StreamPodSandboxesRequest, m.StreamPodSandboxesResponse),
  /** Makes a container in a sandbox. */
  createContainer: unary('CreateContainer', m.CreateContainerRequest, m.CreateContainerResponse),
  /** Starts a created container. */
  startContainer: unary('StartContainer', m.StartContainerRequest, m.StartContainerResponse),
  /** Stops a container: its stop signal, then SIGKILL after the grace period. Stopping twice is no error, nor is an unknown ID. */
  stopContainer: unary('StopContainer', m.StopContainerRequest, m.StopContainerResponse),
  /** Removes a container, by force where it runs. An unknown ID is no error. */
  removeContainer: unary('RemoveContainer', m.RemoveContainerRequest, m.RemoveContainerResponse),
  /** The containers that pass a filter. */
  listContainers: unary('ListContainers', m.ListContainersRequest, m.ListContainersResponse),
  /** As `listContainers`, in portions. */
  streamContainers: serverStream('StreamContainers', m.StreamContainersRequest, m.StreamContainersResponse),
  /** All about one container. Throws `NotFound`. */
  containerStatus: unary('ContainerStatus', m.ContainerStatusRequest, m.ContainerStatusResponse),
  /** Changes the limits of a container. */
  updateContainerResources: unary(
    'UpdateContainerResources',
    m.UpdateContainerResourcesRequest,
    m.UpdateContainerResourcesResponse,
  ),
  /** Opens the log file anew after a rotation; throws when the container does not run. */
  reopenContainerLog: unary('ReopenContainerLog', m.ReopenContainerLogRequest, m.ReopenContainerLogResponse),
  /** Runs a command in a container and waits for it. Throws `DeadlineExceeded` when it takes too long. */
  execSync: unary('ExecSync', m.ExecSyncRequest, m.ExecSyncResponse),
  /** The URL of a stream to a command. */
  exec: unary('Exec', m.ExecRequest, m.ExecResponse),
  /** The URL of a stream to the first process of a container. */
  attach: unary('Attach', m.AttachRequest, m.AttachResponse),
  /** The URL of streams to ports of a sandbox. */
  portForward: unary('PortForward', m.PortForwardRequest, m.PortForwardResponse),
  /** What one container uses. Throws `NotFound`. */
  containerStats: unary('ContainerStats', m.ContainerStatsRequest, m.ContainerStatsResponse),
  /** What containers use. */
  listContainerStats: unary('ListContainerStats', m.ListContainerStatsRequest, m.ListContainerStatsResponse),
  /** As `listContainerStats`, in portions. */
  streamContainerStats: serverStream(
    'StreamContainerStats',
    m.StreamContainerStatsRequest,
    m.StreamContainerStatsResponse,
  ),
  /** What one sandbox uses. Throws `NotFound`. */
  podSandboxStats: unary('PodSandboxStats', m.PodSandboxStatsRequest, m.PodSandboxStatsResponse),
  /** What sandboxes use. */
  listPodSandboxStats: unary('ListPodSandboxStats', m.ListPodSandboxStatsRequest, m.ListPodSandboxStatsResponse),
  /** As `listPodSandboxStats`, in portions. */
  streamPodSandboxStats: serverStream(
    'StreamPodSandboxStats',
    m.StreamPodSandboxStatsRequest,
    m.StreamPodSandboxStatsResponse,
  ),
  /** Tells the pod CIDR of the node. */
  updateRuntimeConfig: unary('UpdateRuntimeConfig', m.UpdateRuntimeConfigRequest, m.UpdateRuntimeConfigResponse),
  /** The health of the runtime. */
  status: unary('Status', m.StatusRequest, m.StatusResponse),
  /** Writes the state of a running container to a file. */
  checkpointContainer: unary('CheckpointContainer', m.CheckpointContainerRequest, m.CheckpointContainerResponse),
  /** All container events from the call on. */
  getContainerEvents: serverStream('GetContainerEvents', m.GetEventsRequest, m.ContainerEventResponse),
  /** The metrics that `listPodSandboxMetrics` gives. */
  listMetricDescriptors: unary(
    'ListMetricDescriptors',
    m.ListMetricDescriptorsRequest,
    m.ListMetricDescriptorsResponse,
  ),
  /** The metrics of all sandboxes. */
  listPodSandboxMetrics: unary(
    'ListPodSandboxMetrics',
    m.ListPodSandboxMetricsRequest,
    m.ListPodSandboxMetricsResponse,
  ),
  /** As `listPodSandboxMetrics`, in portions. */
  streamPodSandboxMetrics: serverStream(
    'StreamPodSandboxMetrics',
    m.StreamPodSandboxMetricsRequest,
    m.StreamPodSandboxMetricsResponse,
  ),
  /** How the runtime is set up: its cgroup driver. */
  runtimeConfig: unary('RuntimeConfig', m.RuntimeConfigRequest, m.RuntimeConfigResponse),
  /** Tells the new limits of a whole pod. */
  updatePodSandboxResources: unary(
    'UpdatePodSandboxResources',
    m.UpdatePodSandboxResourcesRequest,
    m.UpdatePodSandboxResourcesResponse,
  ),
});

/** What a container runtime does, in process or behind a socket. Errors are `CriError`s. */
export interface RuntimeService extends ServiceOf<typeof runtimeService> {}

/** Images. As data, from which server and client are made. */
export const imageService = service('runtime.v1.ImageService', {
  /** The images that pass a filter. */
  listImages: unary('ListImages', m.ListImagesRequest, m.ListImagesResponse),
  /** As `listImages`, in portions. */
  streamImages: serverStream('StreamImages', m.StreamImagesRequest, m.StreamImagesResponse),
  /** One image; `image` is absent when it is not here. */
  imageStatus: unary('ImageStatus', m.ImageStatusRequest, m.ImageStatusResponse),
  /** Pulls an image. */
  pullImage: unary('PullImage', m.PullImageRequest, m.PullImageResponse),
  /** Removes an image. One that is not here is no error. */
  removeImage: unary('RemoveImage', m.RemoveImageRequest, m.RemoveImageResponse),
  /** How full the file systems of images and containers are. */
  imageFsInfo: unary('ImageFsInfo', m.ImageFsInfoRequest, m.ImageFsInfoResponse),
});

/** What a store of images does, in process or behind a socket. Errors are `CriError`s. */
export interface ImageService extends ServiceOf<typeof imageService> {}
