/* The parts of the page of umaps report (page.S). */
#ifndef UMAPS_PAGE_H
#define UMAPS_PAGE_H

extern const char page_css[], page_js[], page_body[];

#endif
