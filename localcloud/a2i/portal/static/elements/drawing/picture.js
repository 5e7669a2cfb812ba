// Images to draw on, and what to say of one that cannot be had.

export class PictureError extends Error {}

/**
 * The image at an address, one whose pixels may be read.
 *
 * As in Amazon A2I, its server must allow that by CORS: without, a browser turns a photograph as
 * its camera was held, and positions would not be those of the pixels in the file.
 */
export async function loadPicture(src, what = "The image") {
  if (!src) throw new PictureError(`${what} has no address: "src" is empty.`);
  const picture = await loaded(src, "anonymous");
  if (picture) return picture;
  if (await loaded(src, null)) {
    throw new PictureError(
      `${what} may not be read by this page: its server does not allow it by CORS. Its S3 bucket `
        + "needs a CORS rule with the method GET and the origin *. Tell whoever made the task.",
    );
  }
  throw new PictureError(
    `${what} cannot be loaded. Its link may have expired: open the task again. If it fails `
      + "again, decline the task and tell whoever made it.",
  );
}

async function loaded(src, crossOrigin) {
  const picture = new Image();
  picture.crossOrigin = crossOrigin;
  picture.style.imageOrientation = "none";
  picture.src = src;
  try {
    await picture.decode();
  } catch (error) {
    if (error.name !== "EncodingError") throw error;
    return undefined;
  }
  return picture.naturalWidth > 0 ? picture : undefined;
}
