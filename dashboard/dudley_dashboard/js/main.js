// The dashboard in the browser: Dash starts once everything that it calls is there.

import { watchLinks } from "./address.js";
import { registerCallbacks } from "./clientside.js";
import { watchDownloads } from "./downloads.js";
import { watchExplore } from "./explore/page.js";
import { watchModelPage } from "./model_page.js";
import { watchPictures } from "./pictures.js";
import { watchPlans } from "./plans.js";
import { watchCharts } from "./plotly_charts.js";
import { markScrolling } from "./scrolls.js";
import { watchServer } from "./server.js";

watchServer();
watchLinks();
watchDownloads();
watchPictures();
watchPlans();
watchModelPage();
watchExplore();
watchCharts();
markScrolling();
registerCallbacks();
new window.DashRenderer();
