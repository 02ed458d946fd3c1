/* bus_pump.c - a librdkafka queue that wakes the loop. */
#include "common/bus_internal.h"

#include <stdlib.h>

struct bus_pump {
	uv_async_t wake;
	rd_kafka_queue_t *queue;
	bus_pump_fn *handle;
	void *ctx;
	bool closed, stopped;
};

/* In a thread of librdkafka, under its queue's lock. */
static void on_not_empty(rd_kafka_t *client, void *opaque)
{
	(void)client;
	uv_async_send(&((struct bus_pump *)opaque)->wake);
}

/* The queue says only once that it is not empty, so it is drained to its end, or this wakes itself again: other handles of the loop want their turn. */
static void on_wake(uv_async_t *wake)
{
	struct bus_pump *pump = wake->data;
	for (int i = 0; i < BUS_TURN_EVENTS; i++) {
		rd_kafka_event_t *event = pump->closed || pump->stopped ? NULL : rd_kafka_queue_poll(pump->queue, 0);
		if (!event)
			return;
		pump->handle(pump->ctx, event);
		rd_kafka_event_destroy(event);
	}
	if (!pump->closed && !pump->stopped)
		uv_async_send(wake);
}

struct bus_pump *bus_pump_new(uv_loop_t *loop, rd_kafka_queue_t *queue, bus_pump_fn *handle, void *ctx)
{
	struct bus_pump *pump = bus_alloc(sizeof(*pump));
	*pump = (struct bus_pump){ .queue = queue, .handle = handle, .ctx = ctx };
	uv_async_init(loop, &pump->wake, on_wake);
	pump->wake.data = pump;
	rd_kafka_queue_cb_event_enable(queue, on_not_empty, pump);
	uv_async_send(&pump->wake); /* for what was in the queue before */
	return pump;
}

void bus_pump_stop(struct bus_pump *pump)
{
	pump->stopped = true;
}

void bus_pump_go(struct bus_pump *pump)
{
	pump->stopped = false;
	uv_async_send(&pump->wake);
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void bus_pump_close(struct bus_pump **pump)
{
	struct bus_pump *p = *pump;
	*pump = NULL;
	if (!p)
		return;
	p->closed = true;
	rd_kafka_queue_cb_event_enable(p->queue, NULL, NULL);
	rd_kafka_queue_destroy(p->queue);
	uv_close((uv_handle_t *)&p->wake, on_closed);
}
