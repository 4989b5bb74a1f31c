// Says before anything is sent that the files are too large together; the server says it too.
const box = document.querySelector("input[type=file][data-most]");
const told = document.getElementById("files-told");

function size() {
  return [...box.files].reduce((sum, file) => sum + file.size, 0);
}

function tell() {
  const most = Number(box.dataset.most);
  const megabytes = (size() / 1024 / 1024).toFixed(1);
  const count = box.files.length;
  const what = count === 1 ? "1 file" : `${count} files`;
  const over = size() > most;
  told.textContent = count ? `${what}, ${megabytes} MB.${over ? " This is more than is taken at once." : ""}` : "";
  box.setCustomValidity(over ? "These files are more than is taken at once." : "");
}

if (box) box.addEventListener("change", tell);
