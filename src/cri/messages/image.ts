import { bool, int64, list, map, message, nested, string, uint64 } from '#wire';
import { ImageSpec, Int64Value, UInt64Value } from './common.ts';
import { PodSandboxConfig } from './sandbox-config.ts';

// Images: listing, pulling, removing.

/** Which image to list. */
export class ImageFilter extends message({
  image: nested(1, ImageSpec),
}) {}

/** Asks for the images that pass a filter. */
export class ListImagesRequest extends message({
  filter: nested(1, ImageFilter),
}) {}

/** An image on this node. */
export class Image extends message({
  /** The digest of the configuration. */
  id: string(1),
  repoTags: list(2, string),
  repoDigests: list(3, string),
  size: uint64(4),
  /** The user of the image, when it is a number. */
  uid: nested(5, Int64Value),
  /** The user of the image, when it is a name. */
  username: string(6),
  spec: nested(7, ImageSpec),
  /** Never removed by the kubelet. */
  pinned: bool(8),
}) {}

/** The images. */
export class ListImagesResponse extends message({
  images: list(1, Image),
}) {}

/** Asks for the images that pass a filter, in portions. */
export class StreamImagesRequest extends message({
  filter: nested(1, ImageFilter),
}) {}

/** A portion of the images. */
export class StreamImagesResponse extends message({
  images: list(1, Image),
}) {}

/** Asks for one image. */
export class ImageStatusRequest extends message({
  image: nested(1, ImageSpec),
  /** Ask for `info` too. */
  verbose: bool(2),
}) {}

/** The image; absent when the node does not have it. */
export class ImageStatusResponse extends message({
  image: nested(1, Image),
  info: map(2, string),
}) {}

/** What the registry wants to see. */
export class AuthConfig extends message({
  username: string(1),
  password: string(2),
  /** base64 of `username:password`. */
  auth: string(3),
  serverAddress: string(4),
  identityToken: string(5),
  /** A bearer token. */
  registryToken: string(6),
}) {}

/** Asks to pull an image. */
export class PullImageRequest extends message({
  image: nested(1, ImageSpec),
  auth: nested(2, AuthConfig),
  sandboxConfig: nested(3, PodSandboxConfig),
}) {}

/** The image is here. */
export class PullImageResponse extends message({
  /** The image ID or digest to make containers from. */
  imageRef: string(1),
}) {}

/** Asks to remove an image; one that is not here is no error. */
export class RemoveImageRequest extends message({
  image: nested(1, ImageSpec),
}) {}

/** The image is gone. */
export class RemoveImageResponse extends message({}) {}

/** Names a file system. */
export class FilesystemIdentifier extends message({
  mountpoint: string(1),
}) {}

/** How full a file system is. */
export class FilesystemUsage extends message({
  /** Nanoseconds since 1970. */
  timestamp: int64(1),
  fsId: nested(2, FilesystemIdentifier),
  usedBytes: nested(3, UInt64Value),
  inodesUsed: nested(4, UInt64Value),
}) {}

/** Asks how full the file systems of images and containers are. */
export class ImageFsInfoRequest extends message({}) {}

/** The file systems. */
export class ImageFsInfoResponse extends message({
  imageFilesystems: list(1, FilesystemUsage),
  containerFilesystems: list(2, FilesystemUsage),
}) {}
