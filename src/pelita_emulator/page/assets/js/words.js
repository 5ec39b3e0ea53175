// Words for people: times, days, phones, names of types and events. Indonesian, office time zone.

const ZONE = "Asia/Jakarta";
const make = (options) => new Intl.DateTimeFormat("id-ID", { timeZone: ZONE, ...options });
const TIME = make({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const SECONDS = make({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DATE = make({ weekday: "long", day: "numeric", month: "long" });
const DATE_SHORT = make({ weekday: "long", day: "numeric", month: "short", year: "numeric" });
const DATE_YEAR = make({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const KEY = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });

export const timeWords = (moment) => TIME.format(moment).replaceAll(":", ".");
export const secondsWords = (moment) => SECONDS.format(moment).replaceAll(":", ".");
export const dateWords = (moment) => DATE_SHORT.format(moment);
export const dayKey = (moment) => KEY.format(moment);

export function dayWords(moment, today) {
  const days = Math.round((Date.parse(dayKey(today)) - Date.parse(dayKey(moment))) / 86400000);
  if (days === 0) return "Hari ini";
  if (days === 1) return "Kemarin";
  return dayKey(moment).slice(0, 4) === dayKey(today).slice(0, 4) ? DATE.format(moment) : DATE_YEAR.format(moment);
}

/** "baru saja", "5 menit lalu", "3 jam lalu"; for a day, as long as a Status stands. */
export function agoWords(moment, today) {
  const minutes = Math.floor((today - moment) / 60000);
  if (minutes < 1) return "baru saja";
  return minutes < 60 ? `${minutes} menit lalu` : `${Math.floor(minutes / 60)} jam lalu`;
}

export function windowWords(seconds) {
  if (seconds <= 0) return "tertutup";
  const minutes = Math.max(1, Math.floor(seconds / 60));
  return minutes < 60 ? `${minutes} m` : `${Math.floor(minutes / 60)} j ${minutes % 60} m`;
}

/** "6281234563307" → "0812-••••-3307": recognisable on the screen, no number to copy from a picture. */
export function maskedPhone(digits) {
  const local = digits.startsWith("62") ? "0" + digits.slice(2) : "+" + digits;
  return `${local.slice(0, 4)}-••••-${local.slice(-4)}`;
}

export function officePhone(digits) {
  const local = digits.startsWith("62") ? "0" + digits.slice(2) : "+" + digits;
  return local.match(/.{1,4}/g).join("-");
}

export const numberWords = (citizen) => (citizen.hide_phone ? "nomor disembunyikan" : maskedPhone(citizen.phone));

export function initials(name) {
  const parts = name.replace(/^(Bu|Pak|Mbak|Mas|Bapak|Ibu)\s+/i, "").split(/\s+/).filter(Boolean);
  const letters = parts.length > 1 ? parts[0][0] + parts.at(-1)[0] : (parts[0] ?? "?").slice(0, 2);
  return letters.toUpperCase();
}

export const hueOf = (id) => [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6;

const TYPES = {
  image: "Foto",
  video: "Video",
  audio: "Pesan suara",
  document: "Dokumen",
  sticker: "Stiker",
  location: "Lokasi",
  contacts: "Kontak",
  reaction: "Tanggapan",
  interactive: "Pesan pilihan",
  button: "Tombol",
  template: "Pesan templat",
  order: "Pesanan",
  system: "Keterangan sistem",
  edit: "Suntingan",
  revoke: "Penghapusan",
  unsupported: "Jenis pesan belum didukung",
  status: "Status",
};
export const typeWords = (type) => TYPES[type] ?? "Jenis pesan lain";

export const STATUS_WORDS = {
  clock: "menunggu dikirim",
  sent: "terkirim",
  delivered: "sampai",
  read: "dibaca",
  played: "didengar",
  failed: "gagal terkirim",
  accepted: "menunggu dikirim",
  held: "tertahan, tanpa pembayaran",
};

export const TEMPLATE_WORDS = {
  APPROVED: "disetujui",
  PENDING: "menunggu",
  REJECTED: "ditolak",
  PAUSED: "dijeda",
  DISABLED: "dimatikan",
};

const SYSTEM = {
  user_changed_number: "Nomor warga berganti. Percakapan tetap satu.",
  user_changed_user_id: "ID warga berganti. Percakapan tetap satu.",
  customer_identity_changed: "Warga memakai HP lain. Kode keamanan berubah.",
};
export const systemWords = (content) => SYSTEM[content?.type] ?? content?.body ?? "Keterangan sistem";

export const placeWords = (latitude, longitude) => [latitude, longitude].map((value) => value.toFixed(4).replace(".", ",")).join("; ");

const EVENTS = {
  "status.sent": "terkirim",
  "status.delivered": "sampai",
  "status.read": "dibaca",
  "status.failed": "gagal",
  "status.played": "didengar",
  "field.smb_message_echoes": "balasan HP kantor",
  "field.smb_app_state_sync": "buku alamat",
  "field.history": "riwayat HP",
  "field.account_update": "kabar akun",
  "field.user_id_update": "ID warga berganti",
  "field.user_preferences": "pilihan promosi",
  "field.message_template_status_update": "kabar templat",
  upload: "unggah berkas",
  media: "unduh berkas",
  templates: "daftar templat",
  account: "cek akun",
  sync: "minta sinkron",
  read: "tanda baca",
  raw: "kiriman mentah",
  handshake: "jabat tangan",
  number: "cek nomor",
  call: "panggilan lain",
};
const SHORT = { text: "teks", image: "foto", audio: "suara", interactive: "pilihan", template: "templat", location: "lokasi", document: "dokumen", video: "video", sticker: "stiker", contacts: "kontak", reaction: "tanggapan", edit: "suntingan", revoke: "hapusan", button: "tombol", system: "sistem", order: "pesanan" };

export function eventWords(entry) {
  if (entry.count > 1) return `${entry.count} pembaruan`;
  if (EVENTS[entry.event]) return EVENTS[entry.event];
  const [what, type] = entry.event.split(".");
  if (what === "field") return "kabar lain";
  return `${what === "send" ? "kirim" : "pesan"} ${SHORT[type] ?? type ?? ""}`.trim();
}

export function noteWords(entry) {
  if (entry.note === "lost") return "Hilang di jalan, dikirim lagi";
  if (entry.note === "expired") return "Tidak dikirim lagi, sudah terlalu lama";
  if (entry.note === "timeout") return "Ditutup tanpa jawaban";
  if (entry.direction === "to_office" && entry.status !== 200 && !["raw", "handshake"].includes(entry.event)) {
    return `Percobaan ke-${entry.attempt}, akan diulang`;
  }
  return "";
}
