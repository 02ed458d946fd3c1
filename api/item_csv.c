#include "api/item_csv.h"

#include "common/csv_write.h"

#include "api/csv_stream.h"

#define PAGE_ROWS 2000

struct export
{
	struct item_export_params params;
	int64_t menu_version; /* of the first page */
};

static const char *const columns[] = { "external_id", "category", "name", "description", "price", "image_url", "is_signature", "spice_level", "contains", "may_contain", "free_of",
	                               "tags", "ingredients", "display_order", "is_available" };
#define COLUMNS (sizeof(columns) / sizeof(*columns))

static void write_row(struct buf *out, struct arena *a, const struct item_export_row *row)
{
	const char *cells[COLUMNS] = {
		row->external_id,
		row->category,
		row->name,
		row->description,
		row->price,
		row->image_url,
		row->is_signature ? "true" : "false",
		row->spice_level,
		csv_list(a, row->contains.v, row->contains.n),
		csv_list(a, row->may_contain.v, row->may_contain.n),
		csv_list(a, row->free_of.v, row->free_of.n),
		csv_list(a, row->tags.v, row->tags.n),
		csv_list(a, row->ingredients.v, row->ingredients.n),
		row->display_order,
		row->is_available ? "true" : "false",
	};
	csv_row(out, cells, COLUMNS);
}

/* The first row of a page tells the menu's version, and holds no dish when there is none. */
static bool write_page(void *ctx, struct buf *out, const struct pg_rows *rows, bool first, int64_t *count_r)
{
	struct export *x = ctx;
	const struct item_export_row *row = rows->v;
	if (!rows->n || (!first && row->menu_version != x->menu_version))
		return false;
	x->menu_version = row->menu_version;
	if (first)
		csv_row(out, columns, COLUMNS);
	struct arena *a = arena_new();
	for (size_t i = 0; i < rows->n; i++) {
		if (!row[i].name)
			continue;
		write_row(out, a, &row[i]);
		++*count_r;
	}
	arena_free(&a);
	return true;
}

void item_csv_send(struct request *r, const char *restaurant_id)
{
	struct arena *a = csv_stream_arena();
	struct export *x = arena_new_of(a, struct export);
	x->params = (struct item_export_params){ .limit_ = PAGE_ROWS };
	csv_stream_answer(r, a,
	                  &(struct csv_source){
				  .file_name = "menu.csv",
				  .tenant = arena_strdup(a, restaurant_id),
				  .query = QUERY_item_export,
				  .params = &x->params,
				  .offset = &x->params.offset_,
				  .page = PAGE_ROWS,
				  .write = write_page,
				  .ctx = x,
			  });
}
