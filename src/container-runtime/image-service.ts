import { CriError, FilesystemUsage, Image, ImageStatusResponse, type ImageService, type ImageSpec } from '#cri';
import { nanoseconds, type Context } from './context.ts';
import type { ImageRecord } from './images/image-record.ts';
import { pullImage } from './registry/pull-image.ts';
import { folderSize } from './stats/folder-size.ts';

/** The images of this node as CRI has them. */
export function imageServiceOf(context: Context): ImageService {
  const { images } = context;
  const list = async (filter: ImageSpec | undefined): Promise<Image[]> => {
    if (!filter?.image) return (await images.list()).map(imageItem);
    const found = await images.find(filter.image);
    return found ? [imageItem(found)] : [];
  };
  return {
    listImages: async ({ filter }) => ({ images: await list(filter?.image) }),
    async *streamImages({ filter }) {
      yield { images: await list(filter?.image) };
    },
    imageStatus: async ({ image, verbose }) => {
      const found = await images.find(requireName(image));
      if (!found) return ImageStatusResponse.of();
      return ImageStatusResponse.of({
        image: imageItem(found),
        info: verbose ? { info: JSON.stringify({ imageSpec: found.config }) } : {},
      });
    },
    pullImage: async (request, signal) => ({ imageRef: await pullImage(context, request, signal) }),
    removeImage: async ({ image }) => {
      const name = requireName(image);
      if (!(await images.remove(name)) && (await images.find(name)))
        throw new CriError(
          'FailedPrecondition',
          `image "${name}" is the machine's and not this node's: "kedge image remove" takes it away`,
        );
      return {};
    },
    imageFsInfo: async () => {
      const timestamp = Number(nanoseconds(context.clock.now()));
      const [layers, written] = await Promise.all([images.usage(), folderSize(context.paths.snapshots)]);
      const usage = (mountpoint: string, bytes: number, inodes: number): FilesystemUsage =>
        FilesystemUsage.of({
          timestamp,
          fsId: { mountpoint },
          usedBytes: { value: bytes },
          inodesUsed: { value: inodes },
        });
      return {
        imageFilesystems: [usage(layers.mountpoint, layers.usedBytes, layers.inodesUsed)],
        containerFilesystems: [usage(context.paths.snapshots, written.bytes, written.entries)],
      };
    },
  };
}

function requireName(image: ImageSpec | undefined): string {
  if (!image?.image) throw new CriError('InvalidArgument', 'image spec must name an image');
  return image.image;
}

function imageItem(record: ImageRecord): Image {
  const user = record.config.config?.User?.split(':')[0] ?? '';
  const isNumber = /^\d+$/.test(user);
  return Image.of({
    id: record.id,
    repoTags: record.names,
    repoDigests: record.digests,
    size: record.bytes,
    ...(isNumber ? { uid: { value: Number(user) } } : { username: user }),
    pinned: record.pinned ?? false,
  });
}
