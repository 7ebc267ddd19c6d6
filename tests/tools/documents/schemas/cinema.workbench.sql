-- Exported by a modelling tool for MySQL
SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0;
SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES';

-- -----------------------------------------------------
-- Schema cinema
-- -----------------------------------------------------
DROP SCHEMA IF EXISTS `cinema` ;
CREATE SCHEMA IF NOT EXISTS `cinema` DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci ;
USE `cinema` ;

DROP TABLE IF EXISTS `cinema`.`staff` ;
CREATE TABLE IF NOT EXISTS `cinema`.`staff` (
  `staff_id` TINYINT UNSIGNED NOT NULL AUTO_INCREMENT,
  `first_name` VARCHAR(45) CHARACTER SET 'utf8' COLLATE 'utf8_bin' NOT NULL,
  `picture` BLOB NULL DEFAULT NULL,
  `store_id` TINYINT UNSIGNED NOT NULL,
  `active` TINYINT(1) NOT NULL DEFAULT '1',
  `last_update` TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`staff_id`),
  INDEX `idx_fk_store_id` (`store_id` ASC) VISIBLE,
  CONSTRAINT `fk_staff_store`
    FOREIGN KEY (`store_id`)
    REFERENCES `cinema`.`store` (`store_id`)
    ON DELETE RESTRICT
    ON UPDATE CASCADE)
ENGINE = InnoDB
AUTO_INCREMENT = 3
COMMENT = 'people; who sell tickets';

CREATE TABLE IF NOT EXISTS `cinema`.`store` (
  `store_id` TINYINT UNSIGNED NOT NULL AUTO_INCREMENT,
  `manager_staff_id` TINYINT UNSIGNED NOT NULL,
  `location` GEOMETRY NOT NULL /*!80003 SRID 0 */,
  PRIMARY KEY (`store_id`),
  UNIQUE INDEX `idx_unique_manager` (`manager_staff_id` ASC) VISIBLE,
  SPATIAL INDEX `sp` (`location`),
  CONSTRAINT `fk_store_staff`
    FOREIGN KEY (`manager_staff_id`)
    REFERENCES `cinema`.`staff` (`staff_id`));

CREATE TABLE `film` (
  `film_id` smallint unsigned NOT NULL AUTO_INCREMENT,
  `title` varchar(128) NOT NULL,
  `release_year` year DEFAULT NULL,
  `rental_rate` decimal(4,2) NOT NULL DEFAULT '4.99',
  `length` smallint unsigned zerofill DEFAULT NULL COMMENT 'in minutes; 0 = unknown',
  `rating` enum('G','PG','PG-13','R','NC-17') CHARACTER SET latin1 DEFAULT 'G',
  `special_features` set('Trailers','Commentaries','Deleted Scenes') DEFAULT NULL,
  `title_length` int GENERATED ALWAYS AS (char_length(`title`)) VIRTUAL,
  `flags` bit(8) NOT NULL DEFAULT b'0',
  `score` double(5,1) DEFAULT NULL,
  `meta` json DEFAULT (json_object()),
  PRIMARY KEY (`film_id`),
  FULLTEXT KEY `idx_title` (`title`) /*!50100 WITH PARSER `ngram` */ ,
  KEY `by_year` (`release_year`,`title`(20)) USING BTREE,
  CONSTRAINT `film_chk_1` CHECK ((`length` > 0)),
  CONSTRAINT `film_chk_2` CHECK (json_valid(`meta`))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC;

CREATE TABLE `film_actor` (
  `actor_id` smallint unsigned NOT NULL,
  `film_id` smallint unsigned NOT NULL,
  `last_update` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`actor_id`,`film_id`),
  KEY `idx_fk_film_id` (`film_id`),
  CONSTRAINT `fk_film_actor_actor` FOREIGN KEY (`actor_id`) REFERENCES `actor` (`actor_id`) ON UPDATE CASCADE,
  CONSTRAINT `fk_film_actor_film` FOREIGN KEY (`film_id`) REFERENCES `film` (`film_id`) ON UPDATE CASCADE
);
CREATE TABLE actor (actor_id SMALLINT UNSIGNED NOT NULL AUTO_INCREMENT, last_name VARCHAR(45) NOT NULL, PRIMARY KEY (actor_id), KEY idx_actor_last_name (last_name));

CREATE TABLE `rental` (
  `rental_id` int NOT NULL AUTO_INCREMENT,
  `rental_date` datetime(3) NOT NULL,
  `film_id` smallint unsigned NOT NULL,
  `staff_id` tinyint unsigned DEFAULT NULL,
  PRIMARY KEY (`rental_id`),
  UNIQUE KEY `rental_date` (`rental_date`,`film_id`),
  CONSTRAINT `fk_r_s` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`staff_id`) ON DELETE SET NULL,
  CONSTRAINT `fk_r_f` FOREIGN KEY (`film_id`) REFERENCES `film` (`film_id`)
)
/*!50100 PARTITION BY HASH (rental_id) PARTITIONS 4 */;

DELIMITER ;;
CREATE TRIGGER `ins_film` AFTER INSERT ON `film` FOR EACH ROW BEGIN
    INSERT INTO film_text (film_id, title) VALUES (new.film_id, new.title);
    CREATE TABLE ghost (id int);
  END;;
DELIMITER ;

DELIMITER $$
USE `cinema`$$
CREATE PROCEDURE `rewards`(IN n TINYINT UNSIGNED, OUT c INT) READS SQL DATA
proc: BEGIN
  DECLARE x DATE;
  IF n = 0 THEN LEAVE proc; END IF;
  CREATE TEMPORARY TABLE tmp (id INT NOT NULL PRIMARY KEY);
END$$
DELIMITER ;
CREATE OR REPLACE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY INVOKER VIEW `nicer` AS select `film`.`film_id` AS `fid` from `film`;
LOCK TABLES `actor` WRITE;
INSERT INTO `actor` VALUES (1,'O''Brien; DROP'),(2,'\'quoted\' -- not a comment');
UNLOCK TABLES;
