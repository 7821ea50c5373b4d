// Before the first paint, so that a chosen scheme does not flash: hence no module.
'use strict';
const chosen = localStorage.getItem('theme');
if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
