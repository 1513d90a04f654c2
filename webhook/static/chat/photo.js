// A photo as small as it may be: what a phone takes is far larger than anybody needs to see.

const LONGEST = 1920;
const SMALL = 600_000;

export async function smaller(file) {
  if (!/^image\/(jpeg|png|gif|webp)$/.test(file.type)) throw new Error("wrong_photo");
  if (file.size <= SMALL) return file;
  const picture = await createImageBitmap(file).catch(() => { throw new Error("wrong_photo"); });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob((blob) => done(blob ?? file), "image/jpeg", 0.85));
}

// As small as a photo may be that this browser keeps, so that it is still there after a reload.
export async function thumbnail(blob) {
  const picture = await createImageBitmap(blob);
  const scale = Math.min(1, 640 / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.6);
}
