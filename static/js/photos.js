// Photos become small before they are sent: a village has little network. Drawing them anew also
// leaves out where and with what they were taken; the server does the same once more.

const photos = (() => {
  const LONGEST = 1600;
  const QUALITY = 0.8;

  async function small(file) {
    if (!/^image\/(?!gif|svg)/.test(file.type)) return file;
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return file; // not for this browser to judge: the server says what is wrong with it
    }
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const brush = canvas.getContext("2d");
    brush.fillStyle = "#fff"; // behind what is clear in a PNG
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    const isNoGain = file.type !== "image/jpeg" && drawn && drawn.size >= file.size;
    if (!drawn || isNoGain) return file;
    const name = file.name.replace(/\.[^.]*$/, "");
    return new File([drawn], `${name}.jpg`, { type: "image/jpeg" });
  }

  function fill(input, files) {
    const chosen = new DataTransfer();
    for (const file of files) chosen.items.add(file);
    input.files = chosen.files;
  }

  async function shrink(input) {
    const chosen = [...input.files];
    const made = [];
    // One after the other: a telephone has no memory for nine pictures at once.
    for (const file of chosen) made.push(await small(file));
    const isSame = [...input.files].every((file, index) => file === chosen[index]);
    if (isSame && input.files.length === chosen.length) fill(input, made);
  }

  return { fill, shrink };
})();
