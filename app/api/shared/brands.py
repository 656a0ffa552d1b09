"""Brands and their products: the sponsor's members over the sponsor's, an admin over all."""

from __future__ import annotations

from typing import Any

from app.api.blueprint import Blueprint, check_if_match, commits, tagged
from app.api.security import access, current_actor
from app.brands import service
from app.brands.schemas import (
    BrandCreate,
    BrandPage,
    BrandQuery,
    BrandRead,
    BrandUpdate,
    ProductCreate,
    ProductPage,
    ProductQuery,
    ProductRead,
    ProductUpdate,
    SponsorBrandCreate,
    SponsorBrandQuery,
)
from app.core.actor import MemberRole, Role

WRITERS = (MemberRole.OWNER, MemberRole.MANAGER)


def register(bp: Blueprint, role: Role) -> None:
    """Put the brand operations on the surface of `role`."""
    _register_brands(bp, role)
    _register_products(bp, role)


def _register_brands(bp: Blueprint, role: Role) -> None:
    is_admin = role is Role.ADMIN
    reads = access(role, own="sponsor")
    writes = access(role, own="sponsor", members=WRITERS)

    @bp.route("/brands", methods=["GET"])
    @reads
    @bp.arguments(SponsorBrandQuery if is_admin else BrandQuery, location="query")
    @bp.response(200, BrandPage)
    def list_brands(query: dict[str, Any]) -> Any:
        """List brands."""
        return service.list_for(current_actor(), **query)

    @bp.route("/brands", methods=["POST"])
    @writes
    @commits
    @bp.arguments(SponsorBrandCreate if is_admin else BrandCreate)
    @bp.response(201, BrandRead)
    def create_brand(values: dict[str, Any]) -> Any:
        """Make a brand with the terms that name it."""
        brand = service.create(current_actor(), **values)
        return brand, 201, _created(role, f"brands/{brand.id}", brand)

    @bp.route("/brands/<string:brand_id>", methods=["GET"])
    @reads
    @bp.response(200, BrandRead)
    def read_brand(brand_id: str) -> Any:
        """One brand."""
        brand = service.get_for(current_actor(), brand_id)
        return brand, 200, tagged(brand)

    @bp.route("/brands/<string:brand_id>", methods=["PATCH"])
    @writes
    @commits
    @bp.arguments(BrandUpdate)
    @bp.response(200, BrandRead)
    def edit_brand(values: dict[str, Any], brand_id: str) -> Any:
        """Change a brand; a list of terms that is given replaces the old one."""
        brand = service.get_for(current_actor(), brand_id, lock=True)
        check_if_match(brand)
        brand = service.edit(current_actor(), brand, **values)
        return brand, 200, tagged(brand)

    @bp.route("/brands/<string:brand_id>", methods=["DELETE"])
    @writes
    @commits
    @bp.response(204)
    def delete_brand(brand_id: str) -> None:
        """Delete a brand that no campaign names, with its products."""
        brand = service.get_for(current_actor(), brand_id, lock=True)
        check_if_match(brand)
        service.delete(current_actor(), brand)


def _register_products(bp: Blueprint, role: Role) -> None:
    reads = access(role, own="sponsor")
    writes = access(role, own="sponsor", members=WRITERS)

    @bp.route("/brands/<string:brand_id>/products", methods=["GET"])
    @reads
    @bp.arguments(ProductQuery, location="query")
    @bp.response(200, ProductPage)
    def list_products(query: dict[str, Any], brand_id: str) -> Any:
        """List the products of a brand."""
        return service.list_products(current_actor(), brand_id, **query)

    @bp.route("/brands/<string:brand_id>/products", methods=["POST"])
    @writes
    @commits
    @bp.arguments(ProductCreate)
    @bp.response(201, ProductRead)
    def create_product(values: dict[str, Any], brand_id: str) -> Any:
        """Add a product to a brand."""
        brand = service.get_for(current_actor(), brand_id, lock=True)
        product = service.add_product(current_actor(), brand, **values)
        return product, 201, _created(role, f"brands/{brand_id}/products/{product.id}", product)

    @bp.route("/brands/<string:brand_id>/products/<string:product_id>", methods=["GET"])
    @reads
    @bp.response(200, ProductRead)
    def read_product(brand_id: str, product_id: str) -> Any:
        """One product."""
        product = service.read_product(current_actor(), brand_id, product_id)
        return product, 200, tagged(product)

    @bp.route("/brands/<string:brand_id>/products/<string:product_id>", methods=["PATCH"])
    @writes
    @commits
    @bp.arguments(ProductUpdate)
    @bp.response(200, ProductRead)
    def edit_product(values: dict[str, Any], brand_id: str, product_id: str) -> Any:
        """Change a product."""
        brand, product = service.get_product_for(current_actor(), brand_id, product_id)
        check_if_match(product)
        product = service.edit_product(current_actor(), brand, product, **values)
        return product, 200, tagged(product)

    @bp.route("/brands/<string:brand_id>/products/<string:product_id>", methods=["DELETE"])
    @writes
    @commits
    @bp.response(204)
    def delete_product(brand_id: str, product_id: str) -> None:
        """Delete a product that no campaign names."""
        brand, product = service.get_product_for(current_actor(), brand_id, product_id)
        check_if_match(product)
        service.delete_product(current_actor(), brand, product)


def _created(role: Role, path: str, row: Any) -> dict[str, str]:
    return {"Location": f"/api/v1/{role.value}/{path}", **tagged(row)}
