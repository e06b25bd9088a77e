// While somebody types: a calm word where a text seems to name a villager. It never stops anybody;
// the server masks numbers on saving, and names are left to the writer's own judgement.

const hints = {
  // The surnames that cover most of the people here; an open list, like a dictionary's.
  surnames:
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈" +
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤褚",
  called: "大爷|大妈|大伯|大叔|大婶|大娘|奶奶|爷爷|阿姨|老伯|老汉|老人家|先生|女士",
  roles: "户主|村民|农户|群众|居民|贫困户|低保户|五保户",
  // Begin like a name and are none.
  words: /^(周边|周围|高山|高龄|方便|方面|金额|万元|万亩|白茶|石料|江边|田间|田里|林地|林业|马上|毛竹|龙头|石头|金融|安全|武装|严重|于是|任务|任何|何时|向上|汤面|雷雨|夏天|秦岭)/,

  namesSomebody(text) {
    const { surnames, called, roles, words } = hints;
    const shapes = [
      new RegExp(`[${surnames}][\\u4e00-\\u9fff]{0,2}(?:${called})`, "gu"),
      new RegExp(`(?<=(?:${roles})[：:、 ]?)[${surnames}][\\u4e00-\\u9fff]{1,2}(?![村镇乡组])`, "gu"),
      new RegExp(`[${surnames}][\\u4e00-\\u9fff]{1,2}家(?![村庄坝湾桥镇乡畈港埠冲岭弄园族])`, "gu"),
    ];
    return shapes.some((shape) => [...text.matchAll(shape)].some(([found]) => !words.test(found)));
  },

  holdsANumber(text) {
    const plain = text.normalize("NFKC").replace(/(?<=\d)[\s.·-](?=\d)/g, "");
    return /(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)/.test(plain);
  },

  watch(root) {
    for (const field of root.querySelectorAll("[data-no-names]")) {
      if (field.dataset.watched) continue;
      field.dataset.watched = "1";
      const line = document.createElement("div");
      line.className = "form-text no-names";
      line.setAttribute("aria-live", "polite");
      field.insertAdjacentElement("afterend", line);
      let pause;
      const look = () => {
        const isNamed = hints.namesSomebody(field.value) || hints.holdsANumber(field.value);
        line.textContent = isNamed ? field.dataset.noNames : "";
      };
      field.addEventListener("input", () => {
        clearTimeout(pause);
        pause = setTimeout(look, 300);
      });
      if (field.value) look();
    }
  },
};

document.addEventListener("DOMContentLoaded", () => hints.watch(document));
document.addEventListener("htmx:load", (event) => hints.watch(event.detail.elt));
