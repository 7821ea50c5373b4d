// Puts the page together.
import { Cells } from './cells.js';
import { byId, setText } from './dom.js';
import { Feed } from './feed.js';
import { Figures } from './figures.js';
import { showLink, wireHead } from './head.js';
import { Inspector } from './inspector.js';
import { Legend } from './legend.js';
import { Log } from './log.js';
import { wirePlay } from './play.js';
import { Store } from './store.js';
import { wireTheme } from './theme.js';
import { Timeline } from './timeline.js';

const store = new Store();
const say = (text) => setText(byId('said'), text);

wireHead(store);
new Legend(store);
new Cells(store);
new Inspector(store, say);
new Figures(store);
new Log(store);
wirePlay(store, say);
const timeline = new Timeline(store);
wireTheme(byId('theme'), () => timeline.readColours());

new Feed('/api/events', {
  snapshot: (data) => store.applySnapshot(data),
  update: (data) => store.applyUpdate(data),
  state: showLink,
}).open();
