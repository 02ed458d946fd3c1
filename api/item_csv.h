/* item_csv.h - a menu as the CSV file that the import takes back as "0 changes": GET /api/v1/menu/items/{id}?format=csv.
 *
 * Columns and their order are the import's. What may run in a spreadsheet is guarded (common/csv_write.h). A market price is an empty cell, which changes nothing.
 * A menu that changes while it is sent is cut.
 */
#ifndef API_ITEM_CSV_H
#define API_ITEM_CSV_H

struct request;

void item_csv_send(struct request *r, const char *restaurant_id);

#endif
