// Images to draw on, and what to say of one that cannot be had.

export class PictureError extends Error {}

/**
 * The image at an address, as `{image, height, width}`.
 *
 * As in the service, positions are those of the pixels in the file, however the camera was held:
 * the image is not turned by what the file says of that. Browsers heed this only for an image that
 * its server lets the page read, by CORS, and only for an element, not for what is drawn of it.
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
  const image = Object.assign(new Image(), { alt: "", crossOrigin, src });
  image.style.imageOrientation = "none";
  try {
    await image.decode();
  } catch (error) {
    if (error.name !== "EncodingError") throw error;
    return undefined;
  }
  const size = laidOut(image);
  return size.width > 0 && size.height > 0 ? { image, ...size } : undefined;
}

/** The size of an image that is not turned: only an image on the page has it. */
function laidOut(image) {
  const place = document.createElement("div");
  place.style.cssText = "position: absolute; visibility: hidden;";
  image.style.maxWidth = "none";
  place.append(image);
  document.body.append(place);
  const { offsetHeight: height, offsetWidth: width } = image;
  place.remove();
  return { height, width };
}
