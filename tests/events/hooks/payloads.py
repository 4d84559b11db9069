"""Payloads as the shops document them, cut to what tells something. Times are of one day in 2026."""

import json
from typing import Any

Payload = dict[str, Any]


def as_bytes(payload: Payload) -> bytes:
    """With spaces and accents as they come, so that whoever re-encodes before checking is found out."""
    return json.dumps(payload, ensure_ascii=False, indent=1).encode()


SHOE = {
    "id": 44, "variant_id": 447, "product_id": 632, "key": "447:a", "title": "Trail – modèle été",
    "sku": "TR-42", "vendor": "Foulée", "variant_title": "42", "price": "129.00", "quantity": 1,
}  # fmt: skip
SOCKS = {"variant_id": 501, "product_id": 640, "title": "Socks", "sku": "SO", "price": "9.50", "quantity": 2}

CART = "c1-eeafa272cebfd4b22385bc4b645e762c"
CHECKOUT = "bd5a8aa1ecd019dd3520ff791ee3a24c"


def shopify_cart(*lines: Payload, at: str = "10:00:00", token: str = CART) -> Payload:
    return {
        "id": token,
        "token": token,
        "line_items": list(lines),
        "note": None,
        "updated_at": f"2026-03-01T{at}.000Z",
        "created_at": "2026-03-01T10:00:00.000Z",
    }


def shopify_checkout(**more: Any) -> Payload:
    return {
        "id": 981820079255243500,
        "token": CHECKOUT,
        "cart_token": CART,
        "email": None,
        "gateway": None,
        "buyer_accepts_marketing": False,
        "created_at": "2026-03-01T11:05:00+01:00",
        "updated_at": "2026-03-01T11:05:00+01:00",
        "shipping_lines": [],
        "currency": "EUR",
        "completed_at": None,
        "phone": None,
        "line_items": [SHOE],
        "abandoned_checkout_url": "https://foulee.example/recover?key=1",
        "discount_codes": [],
        "subtotal_price": "129.00",
        "total_price": "129.00",
        "total_tax": "21.50",
        "total_discounts": "0.00",
        "source_name": "web",
        **more,
    }


CUSTOMER: Payload = {
    "id": 115310627314723954,
    "email": "Mark@Example.org",
    "first_name": "Mark",
    "last_name": "Leroy",
    "state": "disabled",
    "phone": "+33612345678",
    "tags": "runner",
    "created_at": "2026-03-01T11:09:00+01:00",
    "updated_at": "2026-03-01T11:09:00+01:00",
    "email_marketing_consent": {
        "state": "subscribed",
        "opt_in_level": "single_opt_in",
        "consent_updated_at": "2026-03-01T11:08:30+01:00",
    },
    "sms_marketing_consent": {"state": "not_subscribed", "opt_in_level": None, "consent_updated_at": None},
    "default_address": {"country_code": "FR", "city": "Lyon", "zip": "69001"},
}


def shopify_order(**more: Any) -> Payload:
    return {
        "id": 820982911946154508,
        "name": "#1001",
        "email": "Mark@Example.org",
        "cart_token": CART,
        "checkout_token": CHECKOUT,
        "created_at": "2026-03-01T11:10:00+01:00",
        "processed_at": "2026-03-01T11:10:00+01:00",
        "updated_at": "2026-03-01T11:10:00+01:00",
        "cancelled_at": None,
        "cancel_reason": None,
        "currency": "EUR",
        "customer_locale": "fr-FR",
        "financial_status": "paid",
        "source_name": "web",
        "test": False,
        "subtotal_price": "129.00",
        "total_price": "138.90",
        "total_tax": "21.50",
        "total_discounts": "10.00",
        "discount_codes": [{"code": "RUN10", "amount": "10.00", "type": "fixed_amount"}],
        "customer": CUSTOMER,
        "shipping_address": {"name": "Mark Leroy", "address1": "1 rue A", "zip": "69001", "city": "Lyon"},
        "shipping_lines": [{"title": "Colissimo", "price": "9.90", "discounted_price": "9.90"}],
        "line_items": [SHOE],
        "fulfillments": [],
        "refunds": [],
        **more,
    }


FULFILMENT: Payload = {
    "id": 255858046,
    "order_id": 820982911946154508,
    "status": "success",
    "created_at": "2026-03-02T09:00:00+01:00",
    "updated_at": "2026-03-02T09:00:00+01:00",
    "tracking_company": "Colissimo",
    "tracking_number": "6A123",
    "shipment_status": None,
    "line_items": [SHOE],
}

REFUND: Payload = {
    "id": 509562969,
    "order_id": 820982911946154508,
    "created_at": "2026-03-09T12:00:00+01:00",
    "processed_at": "2026-03-09T12:00:00+01:00",
    "note": "too small",
    "refund_line_items": [{"id": 1, "quantity": 1, "line_item": SHOE}],
    "transactions": [
        {"id": 2, "kind": "refund", "status": "success", "amount": "129.00", "currency": "EUR"},
        {"id": 3, "kind": "refund", "status": "failure", "amount": "50.00", "currency": "EUR"},
    ],
}


def woo_order(status: str = "processing", **more: Any) -> Payload:
    return {
        "id": 727,
        "number": "727",
        "status": status,
        "currency": "EUR",
        "created_via": "checkout",
        "date_created_gmt": "2026-03-01T10:05:00",
        "date_modified_gmt": "2026-03-01T10:06:00",
        "date_paid_gmt": None,
        "date_completed_gmt": None,
        "discount_total": "10.00",
        "shipping_total": "9.90",
        "total": "138.90",
        "total_tax": "21.50",
        "customer_id": 26,
        "payment_method": "stripe",
        "payment_method_title": "Card",
        "billing": {
            "first_name": "Mark", "last_name": "Leroy", "city": "Lyon", "postcode": "69001", "country": "FR",
            "email": "mark@example.org", "phone": "0612345678",
        },
        "shipping": {"address_1": "1 rue A", "city": "Lyon", "postcode": "69001", "country": "FR"},
        "line_items": [
            {"id": 315, "name": "Trail", "product_id": 93, "variation_id": 0, "quantity": 1, "price": 129}
        ],
        "shipping_lines": [{"id": 316, "method_title": "Colissimo", "total": "9.90"}],
        "coupon_lines": [{"id": 318, "code": "run10", "discount": "10"}],
        "refunds": [],
        **more,
    }  # fmt: skip


def stripe_event(kind: str, thing: Payload, *, id: str = "evt_1", **data: Any) -> Payload:  # noqa: A002
    return {
        "id": id,
        "object": "event",
        "api_version": "2025-09-30",
        "created": 1772360000,
        "livemode": True,
        "type": kind,
        "data": {"object": thing, **data},
    }


SESSION: Payload = {
    "id": "cs_live_a1",
    "object": "checkout.session",
    "amount_subtotal": 12900,
    "amount_total": 13890,
    "created": 1772359700,
    "currency": "eur",
    "customer": "cus_9",
    "customer_details": {
        "email": "mark@example.org",
        "name": "Mark Leroy",
        "phone": None,
        "address": {"country": "FR", "city": "Lyon", "postal_code": "69001"},
    },
    "consent": {"promotions": "opt_in", "terms_of_service": None},
    "invoice": None,
    "metadata": {},
    "mode": "payment",
    "payment_intent": "pi_1",
    "payment_status": "paid",
    "status": "complete",
    "total_details": {"amount_discount": 1000, "amount_shipping": 990, "amount_tax": 2150},
}


def presta_order(state: str = "2", **more: Any) -> Payload:
    return {
        "topic": "order",
        "currency": "EUR",
        "state": {"id": state, "shipped": "0", "template": ""},
        "order": {
            "id": 12,
            "id_cart": "31",
            "id_customer": "5",
            "current_state": state,
            "reference": "XKBKNABJK",
            "date_add": "2026-03-01 11:10:00",
            "date_upd": "2026-03-01 11:11:00",
            "payment": "Card",
            "total_discounts": "10.000000",
            "total_paid": "138.900000",
            "total_paid_tax_incl": "138.900000",
            "total_paid_tax_excl": "117.400000",
            "total_shipping": "9.900000",
            "shipping_number": "",
            "associations": {
                "order_rows": [
                    {
                        "id": "1",
                        "product_id": "3",
                        "product_attribute_id": "13",
                        "product_quantity": "1",
                        "product_name": "Trail",
                        "product_reference": "TR-42",
                        "unit_price_tax_incl": "129.000000",
                    }
                ]
            },
            **more,
        },
    }


def presta_cart(
    *rows: tuple[str, str], at: str = "10:00:00", customer: str = "0", carrier: str = "0"
) -> Payload:
    return {
        "topic": "cart",
        "cart": {
            "id": 31,
            "id_customer": customer,
            "id_carrier": carrier,
            "date_add": "2026-03-01 10:00:00",
            "date_upd": f"2026-03-01 {at}",
            "associations": {
                "cart_rows": [
                    {"id_product": product, "id_product_attribute": "0", "quantity": quantity}
                    for product, quantity in rows
                ]
            },
        },
    }


PRESTA_CUSTOMER: Payload = {
    "topic": "customer",
    "customer": {
        "id": 5,
        "firstname": "Mark",
        "lastname": "Leroy",
        "email": "mark@example.org",
        "birthday": "1984-05-02",
        "newsletter": "1",
        "newsletter_date_add": "2026-03-01 11:00:00",
        "is_guest": "0",
        "date_add": "2026-03-01 11:00:00",
        "date_upd": "2026-03-01 11:00:00",
    },
}
